import { AppError, MAX_TAGS, type Scope, type TagCount } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** More than anybody keeps in view; the most used of them. */
const MAX_LISTED = 1000

/** One's own tags with how many sessions have each, the most used first. Sessions in the trash do not count. */
export async function listTags(store: Store, scope: Scope): Promise<TagCount[]> {
  const { rows } = await sql<TagCount>`
    select (array_agg(t.tag order by s.updated_at desc))[1] as tag, count(*)::int as sessions
    from session_tags t join sessions s on s.id = t.session_id
    where t.tenant_id = ${scope.tenantId} and t.user_id = ${scope.userId} and s.deleted_at is null and not s.temporary
    group by t.key order by count(*) desc, t.key limit ${MAX_LISTED}`.execute(asScope(store, scope))
  return rows
}

/** Gives the sessions, which MUST be the scope's own, these tags beside those they have. Throws `invalid_request` past `MAX_TAGS`. */
export async function addTags(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0 || ids.length === 0) return
  await sql`
    insert into session_tags (tenant_id, user_id, session_id, key, tag)
    select ${scope.tenantId}::uuid, ${scope.userId}::uuid, id, lower(tag), tag
    from unnest(${ids}::uuid[]) as id, unnest(${tags}::text[]) as tag
    on conflict (session_id, key) do nothing`.execute(db)
  const { rows } = await sql`
    select from session_tags where session_id = any(${ids}::uuid[]) and tenant_id = ${scope.tenantId}
      and user_id = ${scope.userId} group by session_id having count(*) > ${MAX_TAGS} limit 1`.execute(db)
  if (rows.length > 0)
    throw new AppError('invalid_request', `A session can have ${MAX_TAGS} tags.`, {
      details: [{ path: 'tag', message: 'too many' }],
    })
}

/** Takes a tag from sessions; without `tag` all of them. */
export async function removeTags(db: Queryable, scope: Scope, ids: readonly string[], tag?: string): Promise<void> {
  await sql`
    delete from session_tags where session_id = any(${ids}::uuid[]) and tenant_id = ${scope.tenantId}
      and user_id = ${scope.userId} and ${tag === undefined ? sql`true` : sql`key = lower(${tag})`}`.execute(db)
}
