import { newId, type RequestFacts, type Scope } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import type { LoginsTable } from '../people-tables.ts'
import { clock, clockPlus, storableText } from '../sql.ts'
import type { Queryable } from '../store.ts'

/** How long a login lives after it was last used. */
export const LOGIN_LIFE_MS = 30 * 86_400_000

/** A login to be made, with the hash of its first refresh token. */
export type NewLogin = { method: LoginsTable['method']; refreshHash: Buffer; facts: RequestFacts }

/** Begins a login in the caller's transaction, records it, and gives its id. */
export async function insertLogin(trx: Queryable, scope: Scope, login: NewLogin): Promise<string> {
  const id = newId()
  await trx
    .insertInto('logins')
    .values({
      id,
      tenantId: scope.tenantId,
      userId: scope.userId,
      method: login.method,
      address: login.facts.address,
      agent: storableText(login.facts.agent),
      expiresAt: clockPlus(LOGIN_LIFE_MS),
    })
    .execute()
  await trx.insertInto('refreshTokens').values({ hash: login.refreshHash, loginId: id }).execute()
  await trx
    .updateTable('users')
    .set({ lastSeenAt: clock })
    .where('tenantId', '=', scope.tenantId)
    .where('id', '=', scope.userId)
    .execute()
  await recordActivity(
    trx,
    { ...scope, ...login.facts },
    { action: 'login.success', targetType: 'login', targetId: id, after: { method: login.method } },
  )
  return id
}
