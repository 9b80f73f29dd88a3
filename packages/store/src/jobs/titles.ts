import { newId, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { storableText } from '../sql.ts'
import type { Store } from '../store.ts'
import type { UnpublishedJob } from './mend-jobs.ts'

/** A title is worth a try for this long. */
const TITLE_LIFE_HOURS = 1

/** Makes a job for each of these sessions that has no title and is not temporary. For workers. */
export async function createTitleJobs(store: Store, sessionIds: readonly string[]): Promise<UnpublishedJob[]> {
  const { rows } = await sql<UnpublishedJob>`
    insert into jobs (id, tenant_id, user_id, kind, input, expires_at)
    select made.id, s.tenant_id, s.user_id, 'title', jsonb_build_object('sessionId', s.id),
      clock_timestamp() + make_interval(hours => ${TITLE_LIFE_HOURS})
    from unnest(${sessionIds.map(() => newId())}::uuid[], ${[...sessionIds]}::uuid[]) as made (id, session_id)
    join sessions s on s.id = made.session_id
    where s.title is null and not s.temporary and s.deleted_at is null
    returning id, kind`.execute(store.db)
  return rows
}

/** The first question of a session and its answer; undefined when there is none, or it has a title. For workers. */
export async function readForTitle(
  store: Store,
  scope: Scope,
  sessionId: string,
): Promise<{ question: string; answer: string; model: string | null } | undefined> {
  const { rows } = await sql<{ question: string; answer: string; model: string | null }>`
    select left(q.content, 4000) as question, left(a.content, 4000) as answer, r.model
    from sessions s
    join runs r on r.session_id = s.id and r.status = 'succeeded'
    join messages q on q.id = r.question_id
    join messages a on a.id = r.answer_id
    where s.id = ${sessionId} and s.tenant_id = ${scope.tenantId} and s.user_id = ${scope.userId} and s.title is null
    order by r.ordinal limit 1`.execute(store.db)
  return rows[0]
}

/** Gives a session the title, and the tags if it has none. False: it has a title by now, which nothing overrules, or has gone. For workers. */
export async function setAutoTitle(
  store: Store,
  { tenantId, userId }: Scope,
  sessionId: string,
  made: { title: string; tags: readonly string[] },
): Promise<boolean> {
  return await store.db.transaction().execute(async (trx) => {
    const titled = await trx
      .updateTable('sessions')
      .set({ title: storableText(made.title), titleSource: 'auto' })
      .where('id', '=', sessionId)
      .where('tenantId', '=', tenantId)
      .where('userId', '=', userId)
      .where('title', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!titled) return false
    await sql`
      insert into session_tags (tenant_id, user_id, session_id, key, tag)
      select ${tenantId}::uuid, ${userId}::uuid, ${sessionId}::uuid, lower(tag), tag
      from unnest(${made.tags.map(storableText)}::text[]) as tag
      where not exists (select from session_tags where session_id = ${sessionId}::uuid)
      on conflict do nothing`.execute(trx)
    return true
  })
}
