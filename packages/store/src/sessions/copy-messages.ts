import { type Actor, AppError, newId, type Resource } from '@askwire/contracts'
import type { Insertable } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import type { MessagesTable } from '../session-tables.ts'
import { json, planAnew } from '../sql.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/** Messages a session may be copied with, and characters of them together: what one transaction writes. */
export const MAX_COPIED_MESSAGES = 5_000
export const MAX_COPIED_CHARS = 20_000_000
const ROWS_AT_ONCE = 200

/** A message to be copied; `id` and `parentId` only say what hangs on what. */
export type CopiedMessage = {
  id: string
  parentId: string | null
  role: 'user' | 'assistant'
  content: string
  partial: boolean
  model: string | null
  resources: Resource[]
  attachments: string[]
  imported: boolean
  createdAt: Date
}

export type CopiedSession = {
  title: string | null
  titleSource: 'auto' | 'user' | null
  forkedFrom: { sessionId: string; messageId: string } | null
  messages: readonly CopiedMessage[]
  /** The message whose branch is open in the copy. */
  leafId: string
}

/** Throws `invalid_request` when there is more than one transaction should write. */
export function requireCopyable(messages: readonly { content: string }[]): void {
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0)
  if (messages.length > MAX_COPIED_MESSAGES || chars > MAX_COPIED_CHARS)
    throw new AppError('invalid_request', 'That is too long to be copied at once.')
}

/** Makes a session of one's own with copies of these messages under new ids, in one transaction; answers its id. */
export async function insertCopy(store: Store, by: Actor, copied: CopiedSession): Promise<string> {
  requireCopyable(copied.messages)
  const { tenantId, userId } = by
  const sessionId = newId()
  const ids = new Map(copied.messages.map(({ id }) => [id, newId()]))
  const activeLeafId = ids.get(copied.leafId) ?? null
  const rows = parentsFirst(copied.messages).map(
    (message): Insertable<MessagesTable> => ({
      ...message,
      id: ids.get(message.id) ?? newId(),
      parentId: message.parentId === null ? null : (ids.get(message.parentId) ?? null),
      ...{ tenantId, userId, sessionId, runId: null, usage: null, finishReason: null, authorId: null },
      resources: json(message.resources) as never,
    }),
  )
  await withScope(store, by, async (db) => {
    await db
      .insertInto('sessions')
      .values({
        ...{ id: sessionId, tenantId, userId, title: copied.title, titleSource: copied.titleSource },
        forkedSessionId: copied.forkedFrom?.sessionId ?? null,
        forkedMessageId: copied.forkedFrom?.messageId ?? null,
      })
      .execute()
    await planAnew.execute(db)
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await db
        .insertInto('messages')
        .values(rows.slice(at, at + ROWS_AT_ONCE))
        .execute()
    await db.updateTable('sessions').set({ activeLeafId }).where('id', '=', sessionId).execute()
    await recordActivity(db, by, {
      action: copied.forkedFrom ? 'session.fork' : 'session.create',
      targetType: 'session',
      targetId: sessionId,
      after: { messages: rows.length, ...(copied.forkedFrom && { from: copied.forkedFrom.sessionId }) },
    })
  })
  return sessionId
}

/** A message is written after its parent; among siblings the order stays. */
function parentsFirst(messages: readonly CopiedMessage[]): CopiedMessage[] {
  const known = new Set(messages.map(({ id }) => id))
  const below = new Map<string | null, CopiedMessage[]>()
  for (const message of messages) {
    const parent = message.parentId !== null && known.has(message.parentId) ? message.parentId : null
    below.set(parent, [...(below.get(parent) ?? []), { ...message, parentId: parent }])
  }
  const ordered = [...(below.get(null) ?? [])]
  // The list grows while it is walked: each message brings those below it.
  for (const { id } of ordered) ordered.push(...(below.get(id) ?? []))
  return ordered
}
