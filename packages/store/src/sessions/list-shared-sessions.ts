import type { Page, Scope, SessionDetail, SessionView } from '@askwire/contracts'
import { sql } from 'kysely'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { Store } from '../store.ts'
import { newestRun, toSessionView, type ViewRow, viewColumns } from './select-session.ts'

/** A page of the sessions of colleagues that are open to somebody, the one asked in last first. Throws `invalid_request` for a malformed cursor. */
export async function listSharedSessions(store: Store, member: Scope, page: PageRequest): Promise<Page<SessionView>> {
  const newest = newestFirst(page, { time: 's.updatedAt', id: 's.id' })
  const { rows } = await sql<ViewRow & { micros: string; memberAccess: 'view' | 'edit' }>`
    select ${viewColumns}, m.access as member_access, ${newest.micros.expression} as micros
    from session_members m
    join sessions s on s.id = m.session_id and s.tenant_id = m.tenant_id and s.user_id = m.user_id
    join users o on o.id = m.user_id and o.disabled_at is null ${newestRun}
    where m.tenant_id = ${member.tenantId} and m.member_id = ${member.userId}
      and s.deleted_at is null and not s.temporary and ${newest.after}
    order by ${newest.order} limit ${newest.limit}`.execute(store.db)
  return newest.toPage(rows, (row) => asMemberSees(toSessionView(row, row.memberAccess)))
}

/** A session as a member sees it: how its owner orders sessions, and what they began to write, is the owner's alone. */
export function asMemberSees<View extends SessionView | SessionDetail>(view: View): View {
  return {
    ...view,
    ...{ tags: [], folderId: null, pinned: false, archived: false, unread: false, shared: false, forkedFrom: null },
    ...('draft' in view && { draft: '', draftVersion: 0, activeLeafId: null }),
  }
}
