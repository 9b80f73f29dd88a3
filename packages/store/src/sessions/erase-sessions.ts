import { TRASH_DAYS } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'

/** What a session leaves behind when its last activity is this old, and nobody can see it any more. */
const TEMPORARY_MINUTES = 60

/**
 * Erases sessions for good, with everything in the database that belongs to them; answers how many there were. Takes ids, not a scope:
 * for jobs and sweeps. What is kept elsewhere (event log, files) is the caller's to forget.
 */
export async function eraseSessions(store: Store, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  return await store.db.transaction().execute(async (trx) => {
    const sorted = [...new Set(ids)].sort()
    await sql`select from sessions where id = any(${sorted}::uuid[]) order by id for update`.execute(trx)
    await trx.deleteFrom('deadLetters').where('sessionId', 'in', sorted).execute()
    const { numDeletedRows } = await trx.deleteFrom('sessions').where('id', 'in', sorted).executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  })
}

/**
 * Sessions whose time is over: in the trash for `TRASH_DAYS`, temporary and quiet for an hour (or deleted), or older than their tenant
 * keeps them. None in which a question is unfinished. For the reconciler.
 */
export async function listSessionsToErase(store: Store, { limit }: { limit: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with over as (
      (select id from sessions where deleted_at < now() - make_interval(days => ${TRASH_DAYS}) limit ${limit})
      union
      (select id from sessions where temporary
        and (updated_at < now() - make_interval(mins => ${TEMPORARY_MINUTES}) or deleted_at is not null) limit ${limit})
      union
      (select old.id from tenants t join users u on u.tenant_id = t.id
        cross join lateral (
          select s.id from sessions s where s.tenant_id = u.tenant_id and s.user_id = u.id and s.deleted_at is null
            and not s.temporary and s.updated_at < now() - make_interval(days => t.retention_days)
          order by s.updated_at limit ${limit}) old
        where t.retention_days is not null limit ${limit})
    )
    select id from over
    where not exists (select from runs r where r.session_id = over.id and r.logged_at is null and r.finished_at is null)
    limit ${limit}`.execute(store.db)
  return rows.map(({ id }) => id)
}
