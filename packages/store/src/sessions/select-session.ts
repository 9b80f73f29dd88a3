import type { SessionDetail, SessionView } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'

/** The columns of a session's view, from `s`; `run` is its newest run that has had its turn. Reads one session, or one page of them. */
export const viewColumns: RawBuilder<unknown> = sql`
  s.id, s.title, s.title_source, s.folder_id, s.pinned_at, s.archived_at, s.deleted_at, s.temporary, s.forked_session_id,
  s.forked_message_id, s.created_at, s.updated_at,
  coalesce(run.finished_at > s.read_at, false) as unread,
  exists (select from runs r where r.session_id = s.id and r.logged_at is null and r.finished_at is null) as active_run,
  exists (select from shares where session_id = s.id and (expires_at is null or expires_at > now())) as shared,
  coalesce((select array_agg(tag order by key) from session_tags where session_id = s.id), '{}') as tags,
  ${modelOf('s')} as model`

/** Joins what `viewColumns` reads of the newest run. */
export const newestRun: RawBuilder<unknown> = sql`left join lateral (
  select finished_at from runs where session_id = s.id and ordinal is not null order by ordinal desc limit 1) run on true`

/** The model of a session's newest answer; without any, the one its newest run was to have. */
export function modelOf(session: string): RawBuilder<string | null> {
  const id = sql.ref(`${session}.id`)
  return sql`coalesce(
    (select model from messages where session_id = ${id} and role = 'assistant' and model is not null
      order by created_at desc, id desc limit 1),
    (select model from runs where session_id = ${id} and ordinal is not null order by ordinal desc limit 1))`
}

export type ViewRow = Omit<
  SessionView,
  'pinned' | 'archived' | 'forkedFrom' | 'access' | 'createdAt' | 'updatedAt' | 'deletedAt'
> & {
  pinnedAt: Date | null
  archivedAt: Date | null
  deletedAt: Date | null
  createdAt: Date
  updatedAt: Date
  forkedSessionId: string | null
  forkedMessageId: string | null
}

export function toSessionView(row: ViewRow, access: SessionView['access'] = 'owner'): SessionView {
  const { id, title, titleSource, tags, folderId, model, temporary, unread, activeRun, shared } = row
  const { forkedSessionId, forkedMessageId } = row
  return {
    ...{ id, title, titleSource, tags, folderId, model, temporary, unread, activeRun, shared, access },
    pinned: row.pinnedAt !== null,
    archived: row.archivedAt !== null,
    forkedFrom:
      forkedSessionId !== null && forkedMessageId !== null
        ? { sessionId: forkedSessionId, messageId: forkedMessageId }
        : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deletedAt: row.deletedAt?.toISOString() ?? null,
  }
}

export type DetailRow = ViewRow & Pick<SessionDetail, 'draft' | 'draftVersion' | 'activeLeafId'>

export function toSessionDetail(row: DetailRow, access: SessionView['access'] = 'owner'): SessionDetail {
  const { draft, draftVersion, activeLeafId } = row
  return { ...toSessionView(row, access), draft, draftVersion, activeLeafId }
}
