import { AppError, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** What asking again at a message needs to know of it. */
export type PlacedMessage = {
  id: string
  parentId: string | null
  role: 'user' | 'assistant'
  /** Those that are still there. */
  attachments: string[]
  /** Of the run that made it. */
  model: string | null
  collectionIds: string[] | null
}

/** A message of one's own session. Throws `not_found`. */
export async function findMessage(
  store: Store,
  scope: Scope,
  { sessionId, messageId }: { sessionId: string; messageId: string },
): Promise<PlacedMessage> {
  const row = await asScope(store, scope)
    .selectFrom('messages')
    .leftJoin('runs', 'runs.id', 'messages.runId')
    .select(['messages.id', 'messages.parentId', 'messages.role'])
    .select(
      sql<string[]>`array(
        select a.id from unnest(messages.attachments) with ordinality as a (id, place)
        join documents d on d.id = a.id and d.tenant_id = messages.tenant_id and d.user_id = messages.user_id and d.visible
        order by a.place)`.as('attachments'),
    )
    .select(['runs.model', 'runs.collectionIds'])
    .where('messages.sessionId', '=', sessionId)
    .where('messages.id', '=', messageId)
    .where('messages.tenantId', '=', scope.tenantId)
    .where('messages.userId', '=', scope.userId)
    .executeTakeFirst()
  if (!row) throw new AppError('not_found', 'There is no such message in this session.')
  return row
}
