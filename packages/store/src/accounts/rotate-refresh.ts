import type { RequestFacts, Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { clock, clockPlus } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { LOGIN_LIFE_MS } from './insert-login.ts'

export type Rotation =
  | { kind: 'rotated'; scope: Scope; loginId: string }
  | { kind: 'unknown' }
  /** The token was used before, so somebody else has it too: its login is over. */
  | { kind: 'reused'; scope: Scope }

/** Takes a refresh token for the next one. Of many who come with the same token one gets it, and the second ends the login. */
export async function rotateRefresh(
  store: Store,
  tokens: { hash: Buffer; nextHash: Buffer },
  facts: RequestFacts,
): Promise<Rotation> {
  return await store.db.transaction().execute(async (trx) => {
    const used = await trx
      .updateTable('refreshTokens')
      .set({ usedAt: clock })
      .where('hash', '=', tokens.hash)
      .where('usedAt', 'is', null)
      .returning('loginId')
      .executeTakeFirst()
    if (!used) return await endReused(trx, tokens.hash, facts)
    const scope = await prolong(trx, used.loginId)
    if (!scope) return { kind: 'unknown' }
    await trx.insertInto('refreshTokens').values({ hash: tokens.nextHash, loginId: used.loginId }).execute()
    await forgetOld(trx, used.loginId)
    return { kind: 'rotated', scope, loginId: used.loginId }
  })
}

async function prolong(trx: Queryable, loginId: string): Promise<Scope | undefined> {
  const { rows } = await sql<Scope>`
    update logins set last_used_at = clock_timestamp(), expires_at = ${clockPlus(LOGIN_LIFE_MS)}
    from users join tenants on tenants.id = users.tenant_id
    where logins.id = ${loginId} and logins.ended_at is null and logins.expires_at > clock_timestamp()
      and users.tenant_id = logins.tenant_id and users.id = logins.user_id
      and users.disabled_at is null and tenants.disabled_at is null
    returning logins.tenant_id, logins.user_id`.execute(trx)
  const [scope] = rows
  if (!scope) return undefined
  await trx.updateTable('users').set({ lastSeenAt: clock }).where('id', '=', scope.userId).execute()
  return scope
}

async function endReused(trx: Queryable, hash: Buffer, facts: RequestFacts): Promise<Rotation> {
  const ended = await trx
    .updateTable('logins')
    .set({ endedAt: clock })
    .where('endedAt', 'is', null)
    .where('id', 'in', (eb) => eb.selectFrom('refreshTokens').select('loginId').where('hash', '=', hash))
    .returning(['id', 'tenantId', 'userId'])
    .executeTakeFirst()
  if (!ended) return { kind: 'unknown' }
  const scope = { tenantId: ended.tenantId, userId: ended.userId }
  await recordActivity(
    trx,
    { ...scope, ...facts },
    { action: 'login.refresh_reuse', targetType: 'login', targetId: ended.id },
  )
  return { kind: 'reused', scope }
}

/** A login may live for years; used tokens older than a login's life tell nothing any more. */
async function forgetOld(trx: Queryable, loginId: string): Promise<void> {
  await trx
    .deleteFrom('refreshTokens')
    .where('loginId', '=', loginId)
    .where('usedAt', '<', clockPlus(-LOGIN_LIFE_MS))
    .execute()
}
