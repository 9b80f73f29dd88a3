import { AppError, type MessageView, type Scope } from '@askwire/contracts'
import { type Selectable, sql } from 'kysely'
import type { MessagesTable } from './session-tables.ts'
import type { Store } from './store.ts'
import { asScope } from './with-scope.ts'

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

/**
 * The branch that ends in `leafId`, oldest first: the leaf and, above it, as many whole messages as `limit` (with the
 * leaf) and `maxChars` (characters of all, the leaf's own counted but never cut) allow. Throws `not_found`.
 */
export async function readBranch(
  store: Store,
  scope: Scope,
  branch: { sessionId: string; leafId: string; limit: number; maxChars: number },
): Promise<MessageView[]> {
  const columns = sql.join(COLUMNS.map((column) => sql.ref(`m.${column}`)))
  const { rows } = await sql<MessageRow>`
    with recursive branch as (
      select ${columns}, 1 as depth, char_length(m.content) as chars
      from messages m
      where m.session_id = ${branch.sessionId} and m.id = ${branch.leafId}
        and m.tenant_id = ${scope.tenantId} and m.user_id = ${scope.userId}
      union all
      select ${columns}, b.depth + 1, b.chars + char_length(m.content)
      from branch b join messages m on m.session_id = b.session_id and m.id = b.parent_id
      where b.depth < ${branch.limit} and b.chars + char_length(m.content) <= ${branch.maxChars}
    )
    select * from branch order by depth desc`.execute(asScope(store, scope))
  if (rows.length === 0) throw new AppError('not_found', 'There is no such message.')
  return rows.map(toMessageView)
}

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
