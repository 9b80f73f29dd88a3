import type { Actor, PortableConversation, PortableMessage } from '@askwire/contracts'
import { newId, uuid } from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { json, planAnew, storableText } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { type JobProgress, noteProgress } from './change-job.ts'
import type { JobTurn } from './claim-job.ts'

/** A conversation to become a session; `key` is what a repeated import knows it by. */
export type ImportedConversation = PortableConversation<Date> & { key: string; originalId: string | null }

/** Rows of one statement; a message has some fifteen parameters, and PostgreSQL takes 65 535. */
const ROWS_AT_ONCE = 500

/**
 * Makes a session of a conversation and notes how far its job has come, in one transaction: a death in between leaves neither. `already`: there
 * is one with this key, or the very session it was exported from. Throws `stale_attempt` when the job has gone on without this attempt.
 */
export async function importConversation(
  store: Store,
  actor: Actor,
  turn: JobTurn,
  conversation: ImportedConversation,
  progressAfter: (outcome: 'imported' | 'already') => JobProgress,
): Promise<{ outcome: 'imported' | 'already'; sessionId: string | null }> {
  return await withScope(store, actor, async (db) => {
    const sessionId = (await isHere(db, actor, conversation.originalId)) ? null : await insert(db, actor, conversation)
    const outcome = sessionId === null ? 'already' : 'imported'
    await noteProgress(db, turn, progressAfter(outcome))
    return { outcome, sessionId }
  })
}

async function isHere(db: Queryable, { tenantId, userId }: Actor, originalId: string | null): Promise<boolean> {
  const id = uuid.safeParse(originalId).data
  if (id === undefined) return false
  const row = await db
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', id)
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

/** Null: there is a session of this key. */
async function insert(db: Queryable, actor: Actor, conversation: ImportedConversation): Promise<string | null> {
  const { tenantId, userId } = actor
  const { title, titleSource, createdAt, updatedAt, pinned, archived } = conversation
  const session = await db
    .insertInto('sessions')
    .values({
      id: newId(),
      tenantId,
      userId,
      title: title === null ? null : storableText(title),
      titleSource: title === null ? null : (titleSource ?? 'auto'),
      folderId: conversation.folder === null ? null : await folderOf(db, actor, storableText(conversation.folder)),
      pinnedAt: pinned ? updatedAt : null,
      archivedAt: archived ? updatedAt : null,
      draft: storableText(conversation.draft),
      importKey: storableText(conversation.key),
      createdAt,
      updatedAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'userId', 'importKey']).where('importKey', 'is not', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  if (!session) return null
  const ids = await insertMessages(db, actor, session.id, conversation.messages)
  await insertTags(db, actor, session.id, conversation.tags)
  // No run says which branch is the newest, so it is said here.
  const leaf = ids.get(conversation.activeLeafId ?? '') ?? ids.get(conversation.messages.at(-1)?.id ?? '')
  if (leaf !== undefined)
    await db.updateTable('sessions').set({ activeLeafId: leaf }).where('id', '=', session.id).execute()
  const after = { messages: conversation.messages.length }
  await recordActivity(db, actor, { action: 'session.import', targetType: 'session', targetId: session.id, after })
  return session.id
}

async function folderOf(db: Queryable, { tenantId, userId }: Actor, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into folders (id, tenant_id, user_id, name) values (${newId()}, ${tenantId}, ${userId}, ${name})
      on conflict (tenant_id, user_id, lower(name)) do nothing returning id
    )
    select id from made union all
    select id from folders where tenant_id = ${tenantId} and user_id = ${userId} and lower(name) = lower(${name})
    limit 1`.execute(db)
  if (!rows[0]) throw new Error('a folder was removed while a session was put into it')
  return rows[0].id
}

/** The new id of each message by the one it had. */
async function insertMessages(
  db: Queryable,
  { tenantId, userId }: Actor,
  sessionId: string,
  messages: readonly PortableMessage<Date>[],
): Promise<Map<string, string>> {
  await planAnew.execute(db)
  // In order: messages of the same millisecond are shown by their ids.
  const made = messages.map(() => newId()).sort()
  const ids = new Map(messages.map(({ id }, at) => [id, made[at] ?? newId()]))
  const idOf = (id: string): string => ids.get(id) ?? newId()
  const rows = messages.map((message) => ({
    id: idOf(message.id),
    tenantId,
    userId,
    sessionId,
    parentId: message.parentId === null ? null : idOf(message.parentId),
    role: message.role,
    content: storableText(message.content),
    partial: message.partial,
    model: message.model === null ? null : storableText(message.model),
    resources: json(message.resources),
    attachments: message.attachments.flatMap(({ documentId }) => uuid.safeParse(documentId).data ?? []),
    steps: message.steps && json(message.steps),
    importedRun: message.run && json(message.run),
    usage: message.usage ? json(message.usage) : null,
    finishReason: message.finishReason,
    imported: true,
    createdAt: message.createdAt,
  }))
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('messages')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute()
  const feedback = messages.flatMap(({ id, createdAt, feedback: given }) =>
    given
      ? {
          messageId: idOf(id),
          tenantId,
          userId,
          sessionId,
          rating: given.rating,
          reason: given.reason,
          comment: given.comment === null ? null : storableText(given.comment),
          createdAt: given.at ?? createdAt,
        }
      : [],
  )
  for (let at = 0; at < feedback.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('messageFeedback')
      .values(feedback.slice(at, at + ROWS_AT_ONCE))
      .execute()
  const summaries = messages.flatMap(({ id, summary }) =>
    summary
      ? {
          ...{ messageId: idOf(id), tenantId, userId, sessionId, messages: summary.messages },
          content: storableText(summary.content),
          model: storableText(summary.model),
        }
      : [],
  )
  for (let at = 0; at < summaries.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('messageSummaries')
      .values(summaries.slice(at, at + ROWS_AT_ONCE))
      .execute()
  return ids
}

/** The tags of a new session. */
async function insertTags(
  db: Queryable,
  { tenantId, userId }: Actor,
  sessionId: string,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return
  const rows = tags.map((tag) => {
    const text = storableText(tag)
    return { tenantId, userId, sessionId, key: sql<string>`lower(${text}::text)`, tag: text }
  })
  await db
    .insertInto('sessionTags')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
