import { type Scope, TRASH_DAYS } from '@askwire/contracts'
import { sql } from 'kysely'
import { dropArchives } from '../jobs/drop-archives.ts'
import type { Store } from '../store.ts'

/** A temporary session is erased when its last question is this old. */
const TEMPORARY_MINUTES = 60

export type SessionToErase = { sessionId: string; scope: Scope }

/**
 * Takes sessions whose time is over out of everybody's reach, for whoever calls this to erase: in the trash for `TRASH_DAYS`, temporary and quiet for
 * an hour (or deleted), or older than their tenant keeps them. None in which a question is unfinished or has just been asked. What is not erased then is
 * given out again. For the reconciler.
 */
export async function takeSessionsToErase(store: Store, { limit }: { limit: number }): Promise<SessionToErase[]> {
  return await store.db.transaction().execute(async (trx) => {
    // Deleted before the trash begins: it can not be restored, and is due whatever happens next.
    const { rows } = await sql<{ id: string; tenantId: string; userId: string; listed: boolean }>`
      with ${over(limit)}, due as (
        select * from over
        where not exists (select from runs r where r.session_id = over.id and r.logged_at is null and r.finished_at is null)
        limit ${limit})
      update sessions s
      set deleted_at = least(coalesce(s.deleted_at, now()), now() - make_interval(days => ${TRASH_DAYS}, secs => 1))
      from due
      where s.id = due.id and s.updated_at = due.updated_at and s.deleted_at is not distinct from due.deleted_at
      returning s.id, s.tenant_id, s.user_id, due.deleted_at is null and not s.temporary as listed`.execute(trx)
    const sessions = rows.map(({ id, tenantId, userId, listed }) => ({
      sessionId: id,
      scope: { tenantId, userId },
      listed,
    }))
    const owners = new Map(sessions.filter(({ listed }) => listed).map(({ scope }) => [scope.userId, scope]))
    for (const owner of owners.values()) await dropArchives(trx, owner)
    return sessions.map(({ sessionId, scope }) => ({ sessionId, scope }))
  })
}

const over = (limit: number) => sql`over as (
  (select id, updated_at, deleted_at from sessions where deleted_at < now() - make_interval(days => ${TRASH_DAYS}) limit ${limit})
  union
  (select id, updated_at, deleted_at from sessions where temporary
    and (updated_at < now() - make_interval(mins => ${TEMPORARY_MINUTES}) or deleted_at is not null) limit ${limit})
  union
  (select old.id, old.updated_at, null from tenants t join users u on u.tenant_id = t.id
    cross join lateral (
      select s.id, s.updated_at from sessions s where s.tenant_id = u.tenant_id and s.user_id = u.id and s.deleted_at is null
        and not s.temporary and s.updated_at < now() - make_interval(days => t.retention_days)
      order by s.updated_at limit ${limit}) old
    where t.retention_days is not null limit ${limit}))`
