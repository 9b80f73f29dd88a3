import { type Actor, AppError, newId, type Page, type Scope, type TokenView, tokenScope } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { ApiTokensTable } from '../people-tables.ts'
import { clockPlus } from '../sql.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/** API tokens that one person may have, those that are over included. */
export const MAX_API_TOKENS = 100
const DAY_MS = 86_400_000

const VIEW = [
  'id',
  'name',
  'prefix',
  'scopes',
  'allowedAddresses',
  'expiresAt',
  'lastUsedAt',
  'lastUsedAddress',
  'createdAt',
] as const
type ViewRow = Pick<Selectable<ApiTokensTable>, (typeof VIEW)[number]>

export type NewApiToken = {
  name: string
  /** SHA-256 of the whole token, which is kept nowhere. */
  hash: Buffer
  /** How it begins, for lists. */
  prefix: string
  scopes: readonly string[]
  allowedAddresses: readonly string[]
  /** Null: it does not end by itself. */
  expiresInDays: number | null
}

/** Makes a token of one's own. Throws `conflict` for more than `MAX_API_TOKENS`. */
export async function createApiToken(store: Store, actor: Actor, token: NewApiToken): Promise<TokenView> {
  const { tenantId, userId } = actor
  const { name, hash, prefix, expiresInDays } = token
  const [scopes, allowedAddresses] = [[...new Set(token.scopes)], [...new Set(token.allowedAddresses)]]
  return await withScope(store, actor, async (db) => {
    // One at a time for each person, so that the count holds.
    await db.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().executeTakeFirst()
    const { count } = await db
      .selectFrom('apiTokens')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('tenantId', '=', tenantId)
      .where('userId', '=', userId)
      .executeTakeFirstOrThrow()
    if (Number(count) >= MAX_API_TOKENS) throw new AppError('conflict', 'You have too many API tokens. Delete some.')
    const expiresAt = expiresInDays === null ? null : clockPlus(expiresInDays * DAY_MS)
    const row = await db
      .insertInto('apiTokens')
      .values({ id: newId(), tenantId, userId, name, hash, prefix, scopes, allowedAddresses, expiresAt })
      .returning(VIEW)
      .executeTakeFirstOrThrow()
    const view = toTokenView(row)
    await recordActivity(db, actor, {
      action: 'token.create',
      targetType: 'token',
      targetId: view.id,
      after: { prefix, scopes, allowedAddresses, expiresAt: view.expiresAt },
    })
    return view
  })
}

/** A page of one's own tokens, newest first, without their secrets. */
export async function listApiTokens(store: Store, scope: Scope, page: PageRequest): Promise<Page<TokenView>> {
  const newest = newestFirst(page)
  const rows = await withScope(
    store,
    scope,
    async (db) =>
      await db
        .selectFrom('apiTokens')
        .select(VIEW)
        .select(newest.micros)
        .where('tenantId', '=', scope.tenantId)
        .where('userId', '=', scope.userId)
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, toTokenView)
}

/** Deletes one's own token, which ends it. Throws `not_found`. */
export async function deleteApiToken(store: Store, actor: Actor, tokenId: string): Promise<void> {
  await withScope(store, actor, async (db) => {
    const row = await db
      .deleteFrom('apiTokens')
      .where('id', '=', tokenId)
      .where('tenantId', '=', actor.tenantId)
      .where('userId', '=', actor.userId)
      .returning(['prefix', 'scopes'])
      .executeTakeFirst()
    if (!row) throw new AppError('not_found', 'There is no such token.')
    await recordActivity(db, actor, { action: 'token.delete', targetType: 'token', targetId: tokenId, before: row })
  })
}

function toTokenView(row: ViewRow): TokenView {
  const { id, name, prefix, allowedAddresses, lastUsedAddress } = row
  return {
    id,
    name,
    prefix,
    scopes: row.scopes.flatMap((one) => tokenScope.safeParse(one).data ?? []),
    allowedAddresses,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedAddress,
    createdAt: row.createdAt.toISOString(),
  }
}
