import {
  type Actor,
  AppError,
  newId,
  type Page,
  type Scope,
  type SharedSnapshot,
  type ShareView,
} from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import { latestMessageId } from '../runs/latest-message.ts'
import { lockSession } from '../sessions.ts'
import { json } from '../sql.ts'
import type { Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'
import { requireCopyable } from './copy-messages.ts'
import { readPath } from './fork-session.ts'

/** Shares a person may have at one time: each holds a copy of a branch. */
const MAX_SHARES = 500
const SHARE = ['id', 'sessionId', 'passwordHash', 'views', 'createdAt', 'expiresAt'] as const

export type NewShare = {
  sessionId: string
  /** Of which branch; default: the open one. */
  leafId?: string | undefined
  keyHash: Buffer
  passwordHash: string | null
  expiresInDays?: number | undefined
  /** What viewers get of the title, and of the text of a message. */
  clean(text: string): string
}

/** What stands in the column: what a viewer gets, but for the time. */
type Stored = Pick<SharedSnapshot, 'title' | 'messages'>

/** Keeps a snapshot of a branch of one's own session. Throws `not_found`, `conflict` (too many), `invalid_request` (nothing, or too much, to share). */
export async function createShare(store: Store, by: Actor, share: NewShare): Promise<ShareView> {
  const { sessionId, keyHash, passwordHash } = share
  const { title: own, leafId } = await branchOf(store, by, share)
  const title = own === null ? null : share.clean(own)
  const path = await readPath(store, by, { sessionId, messageId: leafId })
  if (path.length === 0) throw new AppError('not_found', 'There is no such message in this session.')
  requireCopyable(path)
  const snapshot: Stored = {
    title,
    messages: path.map((message) => ({
      role: message.role,
      content: share.clean(message.content),
      createdAt: message.createdAt.toISOString(),
    })),
  }
  return await withScope(store, by, async (db) => {
    await lockSession(db, by, sessionId)
    await requireRoom(by, db)
    const row = await db
      .insertInto('shares')
      .values({
        ...{ id: newId(), tenantId: by.tenantId, userId: by.userId, sessionId, keyHash, passwordHash },
        snapshot: json(snapshot),
        expiresAt:
          share.expiresInDays === undefined
            ? null
            : sql<Date>`clock_timestamp() + make_interval(days => ${share.expiresInDays})`,
      })
      .returning(SHARE)
      .executeTakeFirstOrThrow()
    const after = { sessionId, protected: passwordHash !== null, expiresAt: row.expiresAt?.toISOString() ?? null }
    await recordActivity(db, by, { action: 'share.create', targetType: 'share', targetId: row.id, after })
    return toView({ ...row, title })
  })
}

/** A page of one's own shares, newest first, the expired too. Throws `invalid_request` for a malformed cursor. */
export async function listShares(store: Store, scope: Scope, page: PageRequest): Promise<Page<ShareView>> {
  const newest = newestFirst(page)
  const rows = await asScope(store, scope)
    .selectFrom('shares')
    .select(SHARE)
    .select([newest.micros, sql<string | null>`snapshot ->> 'title'`.as('title')])
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where(newest.after)
    .orderBy(newest.order)
    .limit(newest.limit)
    .execute()
  return newest.toPage(rows, toView)
}

/** Revokes one share of one's own, or every share of one's own session; answers the session's id. Throws `not_found`. */
export async function deleteShares(
  store: Store,
  by: Actor,
  which: { shareId: string } | { sessionId: string },
): Promise<string> {
  return await withScope(store, by, async (db) => {
    if ('sessionId' in which) await lockSession(db, by, which.sessionId)
    const rows = await db
      .deleteFrom('shares')
      .where('tenantId', '=', by.tenantId)
      .where('userId', '=', by.userId)
      .where('shareId' in which ? 'id' : 'sessionId', '=', 'shareId' in which ? which.shareId : which.sessionId)
      .returning(['id', 'sessionId'])
      .execute()
    const of = 'sessionId' in which ? which.sessionId : rows[0]?.sessionId
    if (of === undefined) throw new AppError('not_found', 'There is no such share.')
    for (const { id, sessionId } of rows)
      await recordActivity(db, by, { action: 'share.delete', targetType: 'share', targetId: id, before: { sessionId } })
    return of
  })
}

/** A share as whoever has its key finds it. */
export type OpenShare = { id: string; passwordHash: string | null; snapshot: SharedSnapshot }

/**
 * The share of a key that is in force. Undefined when there is none, it has expired, its session was deleted, or its owner or tenant is barred.
 * For viewers, who are nobody: it takes a secret, not a scope.
 */
export async function findShare(store: Store, keyHash: Buffer): Promise<OpenShare | undefined> {
  const row = await store.db
    .selectFrom('shares as h')
    .innerJoin('sessions as s', 's.id', 'h.sessionId')
    .innerJoin('users as u', (join) => join.onRef('u.id', '=', 'h.userId').onRef('u.tenantId', '=', 'h.tenantId'))
    .innerJoin('tenants as t', 't.id', 'h.tenantId')
    .select(['h.id', 'h.passwordHash', 'h.snapshot', 'h.createdAt'])
    .where('h.keyHash', '=', keyHash)
    .where((eb) => eb.or([eb('h.expiresAt', 'is', null), eb('h.expiresAt', '>', sql<Date>`clock_timestamp()`)]))
    .where('s.deletedAt', 'is', null)
    .where('u.disabledAt', 'is', null)
    .where('t.disabledAt', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  const { title, messages } = row.snapshot as Stored
  return {
    id: row.id,
    passwordHash: row.passwordHash,
    snapshot: { title, sharedAt: row.createdAt.toISOString(), messages },
  }
}

/** Counts a view. False when the share was revoked meanwhile: then nothing may be shown. */
export async function countView(store: Store, shareId: string): Promise<boolean> {
  const { numUpdatedRows } = await store.db
    .updateTable('shares')
    .set({ views: sql<number>`views + 1` })
    .where('id', '=', shareId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

async function branchOf(
  store: Store,
  by: Actor,
  { sessionId, leafId }: NewShare,
): Promise<{ title: string | null; leafId: string }> {
  const found = await withScope(store, by, async (db) => {
    const session = await lockSession(db, by, sessionId)
    return {
      title: session.title,
      leafId: leafId ?? session.activeLeafId ?? (await latestMessageId(db, sessionId)),
    }
  })
  if (found.leafId === null) throw new AppError('invalid_request', 'There is nothing to share yet.')
  return { title: found.title, leafId: found.leafId }
}

async function requireRoom(by: Actor, db: Parameters<typeof lockSession>[0]): Promise<void> {
  const { count } = await db
    .selectFrom('shares')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenantId', '=', by.tenantId)
    .where('userId', '=', by.userId)
    .executeTakeFirstOrThrow()
  if (Number(count) >= MAX_SHARES)
    throw new AppError('conflict', `You have ${MAX_SHARES} shares, which is as many as there may be.`)
}

type Row = {
  id: string
  sessionId: string
  title: string | null
  passwordHash: string | null
  views: number
  createdAt: Date
  expiresAt: Date | null
}

function toView({ id, sessionId, title, passwordHash, views, createdAt, expiresAt }: Row): ShareView {
  const shown = { id, sessionId, title, protected: passwordHash !== null, views }
  return { ...shown, createdAt: createdAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null }
}
