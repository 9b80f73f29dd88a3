import type { Scope } from '@askwire/contracts'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { IN_TURN } from './in-turn.ts'
import type { RunRow } from './run-row.ts'

const MAX_UNFINISHED = 1000

/** The waiting, queued and running runs of one's own session in the order of their turns, at most 1000; none of a foreign one. */
export async function listUnfinishedRuns(store: Store, scope: Scope, sessionId: string): Promise<RunRow[]> {
  return await asScope(store, scope)
    .selectFrom('runs')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('loggedAt', 'is', null)
    .where('finishedAt', 'is', null)
    .orderBy(IN_TURN)
    .limit(MAX_UNFINISHED)
    .execute()
}
