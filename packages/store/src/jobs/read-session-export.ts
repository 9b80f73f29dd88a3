import {
  AppError,
  isTerminal,
  type PortableConversation,
  type PortableMessage,
  type PortableRun,
  type RunError,
  type RunState,
  type Scope,
} from '@askwire/contracts'
import { sql } from 'kysely'
import { runTimings } from '../runs/run-timings.ts'
import { attachedDocuments, belongingColumns, belongings } from '../sessions/listed-message.ts'
import type { Queryable, Store } from '../store.ts'
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
    return {
      ...rest,
      pinned: pinnedAt !== null,
      archived: archivedAt !== null,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      messages: await readMessages(db, scope, sessionId),
    }
  })
}

/** A message's row with what hangs on it. */
type MessageRow = Omit<PortableMessage<string>, 'createdAt' | 'feedback' | 'summary' | 'run'> & {
  createdAt: Date
  rating: 'up' | 'down' | null
  reason: string | null
  comment: string | null
  ratedAt: Date | null
  summary: string | null
  summaryModel: string | null
  summarised: number | null
  importedRun: PortableRun | null
  runStatus: RunState | null
  runError: RunError | null
  runCreatedAt: Date | null
  runStartedAt: Date | null
  runFirstTokenAt: Date | null
  runFinishedAt: Date | null
}

async function readMessages(
  db: Queryable,
  { tenantId, userId }: Scope,
  sessionId: string,
): Promise<PortableMessage<string>[]> {
  const { rows } = await sql<MessageRow>`
    select m.id, m.parent_id, m.role, m.content, m.created_at, m.model, m.partial, m.usage, m.finish_reason, m.resources,
      m.steps, m.imported_run, coalesce(${attachedDocuments}, '[]') as attachments, ${belongingColumns}
    from messages m
      ${belongings}
    where m.session_id = ${sessionId} and m.tenant_id = ${tenantId} and m.user_id = ${userId}
    order by m.created_at, m.id`.execute(db)
  return rows.map(toMessage)
}

function toMessage(row: MessageRow): PortableMessage<string> {
  const { id, parentId, role, content, model, partial, usage, finishReason, resources, attachments, steps } = row
  const { rating, reason, comment, summary, summaryModel, summarised } = row
  return {
    ...{ id, parentId, role, content, model, partial, usage, finishReason, resources, attachments, steps },
    createdAt: row.createdAt.toISOString(),
    run: runOf(row),
    feedback: rating === null ? null : { rating, reason, comment, at: row.ratedAt?.toISOString() ?? null },
    summary:
      summary === null || summaryModel === null || summarised === null
        ? null
        : { content: summary, model: summaryModel, messages: summarised },
  }
}

/** One that goes on yet is not taken along: where it is brought in nobody would end it. */
function runOf(row: MessageRow): PortableRun | null {
  if (row.runStatus === null || row.runCreatedAt === null) return row.importedRun
  if (!isTerminal(row.runStatus)) return null
  const timings = runTimings({
    createdAt: row.runCreatedAt,
    startedAt: row.runStartedAt,
    firstTokenAt: row.runFirstTokenAt,
    finishedAt: row.runFinishedAt,
  })
  return { status: row.runStatus, timings, error: row.runError }
}
