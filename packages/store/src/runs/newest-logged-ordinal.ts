import type { Scope } from '@askwire/contracts'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** The ordinal of the newest run of one's own session whose end has been told; 0 when there is none. */
export async function newestLoggedOrdinal(store: Store, scope: Scope, sessionId: string): Promise<number> {
  const run = await asScope(store, scope)
    .selectFrom('runs')
    .select('ordinal')
    .where('sessionId', '=', sessionId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('loggedAt', 'is not', null)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  return run?.ordinal ?? 0
}
