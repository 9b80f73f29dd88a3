import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from './store.ts'
import { asScope } from './with-scope.ts'

/** A key of one person: whose it is and what it stands for is the caller's to check. */
export type ReplyClaim = { key: string; claimId: string }

/** What the first request with the key was, and its reply; without one it is still being handled. */
export type KeptReply = { request: Buffer; reply: { status: number; body: Buffer } | null }

/** How long a reply is kept. */
export const KEPT_REPLY_HOURS = 24
/** Longer than any request is handled: whoever has claimed a key and not replied by then has died. */
const HANDLING_SECONDS = 60
const MAX_ROUNDS = 3

/**
 * Makes the key this request's, and says null; or says what an earlier one with the key was. Of two at once one gets it. The key of one
 * that died on the way is given out again after a minute.
 */
export async function claimReply(
  store: Store,
  scope: Scope,
  claim: ReplyClaim & { request: Buffer },
): Promise<KeptReply | null> {
  const db = asScope(store, scope)
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { rows } = await sql`
      insert into kept_replies as kept (tenant_id, user_id, key, claim_id, request)
      values (${scope.tenantId}, ${scope.userId}, ${claim.key}, ${claim.claimId}, ${claim.request})
      on conflict (tenant_id, user_id, key) do update
        set claim_id = excluded.claim_id, request = excluded.request, status = null, body = null, session_id = null,
          claimed_at = clock_timestamp()
        where kept.claimed_at < clock_timestamp() - make_interval(hours => ${KEPT_REPLY_HOURS}::int)
          or (kept.status is null and kept.claimed_at < clock_timestamp() - make_interval(secs => ${HANDLING_SECONDS}::int))
      returning claim_id`.execute(db)
    if (rows.length > 0) return null
    const kept = await db
      .selectFrom('keptReplies')
      .select(['request', 'status', 'body'])
      .where('tenantId', '=', scope.tenantId)
      .where('userId', '=', scope.userId)
      .where('key', '=', claim.key)
      .executeTakeFirst()
    // Without a row it was given up between the two statements.
    if (!kept) continue
    const { request, status, body } = kept
    return { request, reply: status === null || body === null ? null : { status, body } }
  }
  return { request: claim.request, reply: null }
}

/**
 * Keeps the reply of the request that has the key, for as long as the session is there that it tells of. Changes nothing when another
 * has the key by now.
 */
export async function keepReply(
  store: Store,
  scope: Scope,
  {
    key,
    claimId,
    status,
    body,
    sessionId = null,
  }: ReplyClaim & { status: number; body: Buffer; sessionId?: string | null },
): Promise<void> {
  await asScope(store, scope)
    .updateTable('keptReplies')
    .set({ status, body, sessionId })
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('key', '=', key)
    .where('claimId', '=', claimId)
    .execute()
}

/** Gives the key of a request that failed back, so that the next one with it is handled anew. */
export async function giveUpReply(store: Store, scope: Scope, { key, claimId }: ReplyClaim): Promise<void> {
  await asScope(store, scope)
    .deleteFrom('keptReplies')
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('key', '=', key)
    .where('claimId', '=', claimId)
    .where('status', 'is', null)
    .execute()
}

/** Removes what is older than a reply is kept; says how many. For the reconciler. */
export async function dropKeptReplies(store: Store, { limit }: { limit: number }): Promise<number> {
  const { rows } = await sql`
    delete from kept_replies where ctid in (
      select ctid from kept_replies
      where claimed_at < clock_timestamp() - make_interval(hours => ${KEPT_REPLY_HOURS}::int) limit ${limit})
    returning 1`.execute(store.db)
  return rows.length
}
