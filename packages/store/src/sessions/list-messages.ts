import { AppError, type MessageView, type Page, type Scope } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import { decodeCursor, newestFirst, type PageRequest } from '../cursor.ts'
import { requireSession } from '../sessions.ts'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { belongings, type ListedMessage, listedColumns, toListedView } from './listed-message.ts'

/** `all`, the branch that is open, or the branch through a message, on to the newest below it. */
export type Branch = 'all' | 'active' | (string & {})

/**
 * A page of a session's messages, newest first, with all that is known of each. Throws `not_found` (the session, or the message a branch
 * is named by) and, for a malformed cursor, `invalid_request`.
 */
export async function listMessages(
  store: Store,
  scope: Scope,
  sessionId: string,
  page: PageRequest & { branch?: Branch | undefined },
): Promise<Page<MessageView>> {
  const { branch = 'all' } = page
  const newest = newestFirst(page)
  const own = { ...scope, sessionId, branch }
  const { rows } = await sql<ListedMessage>`
    with recursive ${branch === 'all' ? newestOf(own, newest) : branchOf(own, page)}, ${WITH_SIBLINGS(sessionId)}
    select ${listedColumns}, (extract(epoch from m.created_at) * 1000000)::bigint::text as micros
    from page join messages m on m.id = page.id
      left join groups g on g.parent_id is not distinct from m.parent_id
      ${belongings}
    order by page.place`.execute(asScope(store, scope))
  if (rows.length === 0) await explainNothing(store, scope, own, page)
  return newest.toPage(rows, toListedView)
}

type Own = Scope & { sessionId: string; branch: Branch }

function ownSession({ tenantId, userId, sessionId }: Own): RawBuilder<unknown> {
  return sql`session_id = ${sessionId} and tenant_id = ${tenantId} and user_id = ${userId}
    and exists (select from sessions where id = ${sessionId} and deleted_at is null)`
}

function newestOf(own: Own, newest: ReturnType<typeof newestFirst>): RawBuilder<unknown> {
  return sql`page as materialized (
    select id, parent_id, row_number() over (order by ${newest.order}) as place from messages
    where ${ownSession(own)} and ${newest.after}
    order by ${newest.order} limit ${newest.limit})`
}

/** From the branch's end, or from above what an earlier page showed, upwards. */
function branchOf(own: Own, page: PageRequest): RawBuilder<unknown> {
  const { sessionId } = own
  const start =
    page.cursor === undefined
      ? endOf(own)
      : sql`
    select parent_id as id from messages where session_id = ${sessionId} and id = ${decodeCursor(page.cursor).id}::uuid`
  return sql`${below(own)}, start as (${start}), page as (
    select m.id, m.parent_id, 1 as place from messages m join start on start.id = m.id where ${ownSession(own)}
    union all
    select m.id, m.parent_id, page.place + 1 from page join messages m on m.session_id = ${sessionId} and m.id = page.parent_id
    where page.place < ${page.limit + 1})`
}

/** For a branch that is named by a message of it: the way from there to the newest message below. */
function below({ sessionId, branch }: Own): RawBuilder<unknown> {
  const from = branch === 'active' ? null : branch
  return sql`below as (
    select id, 1 as depth from messages where session_id = ${sessionId} and id = ${from}::uuid
    union all
    select child.id, below.depth + 1 from below, lateral (
      select c.id from messages c where c.session_id = ${sessionId} and c.parent_id = below.id and not ${isWaiting(sessionId, 'c')}
      order by c.created_at desc, c.id desc limit 1) child)`
}

function endOf({ sessionId, branch }: Own): RawBuilder<unknown> {
  if (branch !== 'active') return sql`select id from below order by depth desc limit 1`
  return sql`select coalesce(
      (select active_leaf_id from sessions where id = ${sessionId}),
      (select coalesce(answer_id, question_id) from runs
        where session_id = ${sessionId} and ordinal is not null order by ordinal desc limit 1),
      (select id from messages where session_id = ${sessionId} order by created_at desc, id desc limit 1)) as id`
}

/** A question that has no turn yet has no place in the tree either, unless its parent was named. */
function isWaiting(sessionId: string, table: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(table)}.id in (
    select question_id from runs
    where session_id = ${sessionId} and logged_at is null and ordinal is null and kind = 'ask' and not parent_given)`
}

/** The messages that share their parent with one of the page, where there is more than one. */
const WITH_SIBLINGS = (sessionId: string): RawBuilder<unknown> => sql`groups as (
    select s.parent_id, array_agg(s.id order by s.created_at, s.id) as ids
    from messages s
    where s.session_id = ${sessionId} and not ${isWaiting(sessionId, 's')}
      and (s.parent_id = any(array(select parent_id from page where parent_id is not null))
        or (s.parent_id is null and exists (select from page where parent_id is null)))
    group by s.parent_id having count(*) > 1)`

/** Messages of one's own are proof enough of a session of one's own; none may mean that there is neither. */
async function explainNothing(store: Store, scope: Scope, own: Own, page: PageRequest): Promise<void> {
  await requireSession(store, scope, own.sessionId)
  if (own.branch === 'all' || own.branch === 'active' || page.cursor !== undefined) return
  throw new AppError('not_found', 'There is no such message in this session.')
}
