import { type ControlMessage, SCHEMA_VERSION, SESSION_KEY } from '@askwire/contracts'
import type { RunDeps } from './deps.ts'

/** Ends the streams of sessions that were deleted or erased, on every gateway, at once. Never throws; a stream that is missed ends at its guard's next look. */
export async function sendSessionsClosed(deps: Pick<RunDeps, 'broker'>, sessionIds: readonly string[]): Promise<void> {
  const message: ControlMessage = {
    schemaVersion: SCHEMA_VERSION,
    kind: 'sessions_closed',
    sessionIds: [...sessionIds],
  }
  await deps.broker.sendControl(SESSION_KEY, Buffer.from(JSON.stringify(message)))
}
