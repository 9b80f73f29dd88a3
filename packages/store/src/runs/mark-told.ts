import { defineStatement } from '../define-statement.ts'
import type { Store } from '../store.ts'

/**
 * As `markLogged`, for the runs of many sessions at once, and without waiting for the disk: a mark that is lost with the server is made
 * again by the reconciler. Returns the sessions in which someone waits for the turn, for the caller to settle. A question accepted as
 * waiting at this very moment may be missing among them; who accepts one settles its session.
 */
export async function markTold(
  store: Store,
  runs: readonly { id: string; sessionId: string }[],
): Promise<ReadonlySet<string>> {
  await markStatement(store.db, [runs.map(({ id }) => id)])
  // A statement of its own: it sees what was committed until the marks were.
  const waiting = await waitingStatement(store.db, [runs.map(({ sessionId }) => sessionId)])
  return new Set(waiting.map(({ sessionId }) => sessionId))
}

const markStatement = defineStatement<unknown>(
  'mark_told',
  `update runs set logged_at = clock_timestamp()
  where id = any($1::uuid[]) and logged_at is null and finished_at is not null and ordinal is not null
  returning set_config('synchronous_commit', 'off', true)`,
)

const waitingStatement = defineStatement<{ sessionId: string }>(
  'waiting_sessions',
  `select distinct session_id as "sessionId" from runs
  where session_id = any($1::uuid[]) and logged_at is null and ordinal is null`,
)
