import type { MessageView } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { MessagesTable } from './session-tables.ts'
import type { Store } from './store.ts'

const COLUMNS = [
  'id',
  'sessionId',
  'parentId',
  'runId',
  'role',
  'content',
  'partial',
  'model',
  'resources',
  'usage',
  'finishReason',
  'createdAt',
] as const satisfies readonly (keyof MessagesTable)[]

type MessageRow = Pick<Selectable<MessagesTable>, (typeof COLUMNS)[number]>

/** The stored answer of a run, or null. For workers and the reconciler: it takes an id, not a scope. */
export async function getAnswer(store: Store, runId: string): Promise<MessageView | null> {
  const row = await store.db
    .selectFrom('messages')
    .select(COLUMNS)
    .where('runId', '=', runId)
    .where('role', '=', 'assistant')
    .executeTakeFirst()
  return row ? toMessageView(row) : null
}

function toMessageView(row: MessageRow): MessageView {
  const { id, sessionId, parentId, runId, role, content, partial, model, resources, usage, finishReason } = row
  const createdAt = row.createdAt.toISOString()
  return { id, sessionId, parentId, runId, role, content, partial, model, resources, usage, finishReason, createdAt }
}
