import type { Scope } from '@askwire/contracts'
import { type Erased, eraseSessionRows, listReadersOf, listUnfinishedRuns } from '@askwire/store'
import { cancelRun } from './cancel-run.ts'
import type { RunDeps } from './deps.ts'
import { sendSessionsClosed } from './send-sessions-closed.ts'

/**
 * Erases a session with all that is kept of it, wherever; with `receipt` it leaves one. Runs are ended first, so that nothing is written behind what
 * is removed; then its streams, its event log, notices that name it, its rows, and what came into the logs meanwhile. Messages of queues hold nothing but
 * the ids of its runs and find nothing. Safe to be done again after whatever it throws.
 */
export async function eraseSession(
  deps: RunDeps,
  scope: Scope,
  sessionId: string,
  options: { receipt: boolean },
): Promise<Erased> {
  const readers = await listReadersOf(deps.store, scope, sessionId)
  const forget = async (): Promise<void> => {
    await deps.log.delete(sessionId)
    // Who follows them is told to load the lists again.
    for (const userId of readers) await deps.notices.log.delete(userId)
  }
  for (const run of await listUnfinishedRuns(deps.store, scope, sessionId)) await cancelRun(deps, scope, run.id)
  await sendSessionsClosed(deps, [sessionId])
  await forget()
  const erased = await eraseSessionRows(deps.store, scope, sessionId, options)
  await forget()
  return erased
}
