import type { PortableConversation, PortableMessage, Scope } from '@askwire/contracts'
import { AppError } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/** A session with all there is to take away of it. */
export type ExportedSession = PortableConversation<string> & { id: string; importKey: string | null }

/** The caller's own session, deleted ones too while they can be restored. Throws `not_found`. */
export async function readSessionExport(store: Store, scope: Scope, sessionId: string): Promise<ExportedSession> {
  const { tenantId, userId } = scope
  return await withScope(store, scope, async (db) => {
    const session = await db
      .selectFrom('sessions')
      .leftJoin('folders', 'folders.id', 'sessions.folderId')
      .select(['sessions.id', 'importKey', 'title', 'titleSource', 'sessions.createdAt', 'updatedAt', 'draft'])
      .select(['activeLeafId', 'pinnedAt', 'archivedAt', 'folders.name as folder'])
      .select(sql<string[]>`array(select tag from session_tags where session_id = sessions.id order by key)`.as('tags'))
      .where('sessions.id', '=', sessionId)
      .where('sessions.tenantId', '=', tenantId)
      .where('sessions.userId', '=', userId)
      .executeTakeFirst()
    if (!session) throw new AppError('not_found', 'There is no such session.')
    const { pinnedAt, archivedAt, createdAt, updatedAt, ...rest } = session
    const messages = await db
      .selectFrom('messages')
      .leftJoin('messageFeedback as f', 'f.messageId', 'messages.id')
      .leftJoin('messageSummaries as s', 's.messageId', 'messages.id')
      .select(['messages.id', 'parentId', 'role', 'messages.content', 'messages.createdAt', 'messages.model'])
      .select(['partial', 'usage'])
      .select(['finishReason', 'resources', 'f.rating', 'f.reason', 'f.comment', 'f.createdAt as ratedAt'])
      .select(['s.content as summary', 's.model as summaryModel', 's.messages as summarised'])
      .where('messages.sessionId', '=', sessionId)
      .where('messages.tenantId', '=', tenantId)
      .where('messages.userId', '=', userId)
      .orderBy('messages.createdAt')
      .orderBy('messages.id')
      .execute()
    return {
      ...rest,
      pinned: pinnedAt !== null,
      archived: archivedAt !== null,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      messages: messages.map(toMessage),
    }
  })
}

/** A message's row with what hangs on it. */
type MessageRow = Omit<PortableMessage<string>, 'createdAt' | 'feedback' | 'summary'> & {
  createdAt: Date
  rating: 'up' | 'down' | null
  reason: string | null
  comment: string | null
  ratedAt: Date | null
  summary: string | null
  summaryModel: string | null
  summarised: number | null
}

function toMessage(row: MessageRow): PortableMessage<string> {
  const { rating, reason, comment, ratedAt, summary, summaryModel, summarised, createdAt, ...message } = row
  return {
    ...message,
    createdAt: createdAt.toISOString(),
    feedback: rating === null ? null : { rating, reason, comment, at: ratedAt?.toISOString() ?? null },
    summary:
      summary === null || summaryModel === null || summarised === null
        ? null
        : { content: summary, model: summaryModel, messages: summarised },
  }
}

/** Ids of the caller's sessions after an id, in the order of their ids. Temporary and deleted ones are left out. */
export async function listExportable(
  store: Store,
  scope: Scope,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const { tenantId, userId } = scope
  return await withScope(store, scope, async (db) => {
    const rows = await db
      .selectFrom('sessions')
      .select('id')
      .where('tenantId', '=', tenantId)
      .where('userId', '=', userId)
      .where('temporary', '=', false)
      .where('deletedAt', 'is', null)
      .$if(page.after !== null, (query) => query.where('id', '>', page.after ?? ''))
      .orderBy('id')
      .limit(page.limit)
      .execute()
    return rows.map(({ id }) => id)
  })
}

/** How many of them there are. */
export async function countExportable(store: Store, { tenantId, userId }: Scope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sessions
    where tenant_id = ${tenantId} and user_id = ${userId} and not temporary and deleted_at is null`.execute(store.db)
  return rows[0]?.count ?? 0
}
