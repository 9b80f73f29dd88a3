import { type Actor, AppError, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { type CopiedMessage, insertCopy, MAX_COPIED_MESSAGES } from './copy-messages.ts'

export type Fork = { sessionId: string; messageId: string; branches: 'path' | 'all' }

/** What is copied of a message. Its run, its costs and what was thought of it stay where they were. */
const COPIED = [
  'id',
  'parentId',
  'role',
  'content',
  'partial',
  'model',
  'resources',
  'attachments',
  'imported',
  'createdAt',
] as const

/**
 * Copies a session, which is open to `by` and belongs to `owner`, into a new one of `by`'s own: the path to a message, or every branch, with that
 * message's open. A colleague's documents are not attached to the copy. Answers the id of the new session. Throws `not_found` and, when it is too
 * long, `invalid_request`.
 */
export async function forkSession(store: Store, by: Actor, owner: Scope, fork: Fork): Promise<string> {
  const { sessionId, messageId } = fork
  const { title, titleSource } = await titleOf(store, owner, sessionId)
  const messages = await readToCopy(store, owner, fork)
  const own = owner.userId === by.userId
  return await insertCopy(store, by, {
    title,
    titleSource,
    forkedFrom: { sessionId, messageId },
    messages: own ? messages : messages.map((message) => ({ ...message, attachments: [] })),
    leafId: messageId,
  })
}

async function titleOf(store: Store, owner: Scope, sessionId: string) {
  const session = await asScope(store, owner)
    .selectFrom('sessions')
    .select(['title', 'titleSource'])
    .where('id', '=', sessionId)
    .where('tenantId', '=', owner.tenantId)
    .where('userId', '=', owner.userId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!session) throw new AppError('not_found', 'There is no such session.')
  return session
}

/** One message more than may be copied, which tells that it is too many. */
async function readToCopy(store: Store, owner: Scope, fork: Fork): Promise<CopiedMessage[]> {
  const messages =
    fork.branches === 'all' ? await readAll(store, owner, fork.sessionId) : await readPath(store, owner, fork)
  if (!messages.some(({ id }) => id === fork.messageId))
    throw new AppError('not_found', 'There is no such message in this session.')
  return messages
}

async function readAll(store: Store, owner: Scope, sessionId: string): Promise<CopiedMessage[]> {
  return await asScope(store, owner)
    .selectFrom('messages')
    .select(COPIED)
    .where('sessionId', '=', sessionId)
    .where('tenantId', '=', owner.tenantId)
    .where('userId', '=', owner.userId)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(MAX_COPIED_MESSAGES + 1)
    .execute()
}

/** The path to a message, oldest first; also for shares. Bounded: one message more than may be copied at the most. */
export async function readPath(
  store: Store,
  owner: Scope,
  { sessionId, messageId }: Pick<Fork, 'sessionId' | 'messageId'>,
): Promise<CopiedMessage[]> {
  const columns = sql.join(COPIED.map((column) => sql.ref(`m.${column}`)))
  const { rows } = await sql<CopiedMessage>`
    with recursive path as (
      select ${columns}, 1 as depth from messages m
      where m.session_id = ${sessionId} and m.id = ${messageId}
        and m.tenant_id = ${owner.tenantId} and m.user_id = ${owner.userId}
      union all
      select ${columns}, p.depth + 1 from path p join messages m on m.session_id = ${sessionId} and m.id = p.parent_id
      where p.depth <= ${MAX_COPIED_MESSAGES}
    )
    select ${sql.join(COPIED.map((column) => sql.ref(column)))} from path order by depth desc`.execute(
    asScope(store, owner),
  )
  return rows
}
