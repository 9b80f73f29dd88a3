import { type ControlMessage, SCHEMA_VERSION, SESSION_KEY } from '@askwire/contracts'
import type { RunDeps } from './deps.ts'

/** Ends the streams of a session that was deleted or erased, on every gateway, at once. Never throws; one that is missed ends at its next look. */
export async function sendSessionGone(deps: Pick<RunDeps, 'broker'>, sessionId: string): Promise<void> {
  const message: ControlMessage = { schemaVersion: SCHEMA_VERSION, kind: 'session_gone', sessionId }
  await deps.broker.sendControl(SESSION_KEY, Buffer.from(JSON.stringify(message)))
}
