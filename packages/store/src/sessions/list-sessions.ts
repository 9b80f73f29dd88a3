import type { Page, Scope, SessionsQuery, SessionView } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import { cutPage, malformedCursor, newestFirst } from '../cursor.ts'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { restorable } from './restorable.ts'
import { modelOf, newestRun, toSessionView, type ViewRow, viewColumns } from './select-session.ts'

/**
 * A page of one's own sessions. Deleted ones that can be restored only with `trash`, archived ones only with `archived`, temporary ones never. `from` (included)
 * and `to` are of the time that is sorted by: when it was made for `created`, else when it was last asked in. Pinned ones are not put
 * first: who wants them so asks for `pinned=true` and `pinned=false`. Throws `invalid_request` for a malformed cursor.
 */
export async function listSessions(store: Store, scope: Scope, query: SessionsQuery): Promise<Page<SessionView>> {
  const order = query.sort === 'title' ? byTitle(query) : byTime(query)
  // The page first, then what is shown of its rows: nothing is looked up for a session that is not on it.
  const { rows } = await sql<ViewRow & { place: string }>`
    with page as materialized (
      select s.id, ${order.place} as place, row_number() over (order by ${order.order}) as at from sessions s
      where s.tenant_id = ${scope.tenantId} and s.user_id = ${scope.userId} and not s.temporary
        and ${filters(query)} and ${order.after}
      order by ${order.order} limit ${query.limit + 1}
    )
    select ${viewColumns}, page.place from page join sessions s on s.id = page.id ${newestRun} order by page.at`.execute(
    asScope(store, scope),
  )
  const { items, nextCursor } = cutPage(rows, query.limit, order.cursorOf)
  return { items: items.map((row) => toSessionView(row)), nextCursor }
}

function filters(query: SessionsQuery): RawBuilder<boolean> {
  const time = sql.ref(query.sort === 'created' ? 's.createdAt' : 's.updatedAt')
  const conditions: RawBuilder<boolean>[] = [
    query.trash ? restorable : sql`s.deleted_at is null`,
    ...is(query.archived ?? (query.trash ? undefined : false), sql`s.archived_at is not null`),
    ...is(query.pinned, sql`s.pinned_at is not null`),
  ]
  if (query.tag !== undefined)
    conditions.push(sql`exists (select from session_tags t where t.session_id = s.id and t.key = lower(${query.tag}))`)
  if (query.folderId !== undefined)
    conditions.push(query.folderId === 'none' ? sql`s.folder_id is null` : sql`s.folder_id = ${query.folderId}`)
  if (query.model !== undefined) conditions.push(sql`${modelOf('s')} = ${query.model}`)
  if (query.from !== undefined) conditions.push(sql`${time} >= ${query.from}::timestamptz`)
  if (query.to !== undefined) conditions.push(sql`${time} < ${query.to}::timestamptz`)
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}

const is = (wanted: boolean | undefined, condition: RawBuilder<boolean>): RawBuilder<boolean>[] =>
  wanted === undefined ? [] : [wanted ? condition : sql<boolean>`not ${condition}`]

type Order = {
  place: RawBuilder<string>
  after: RawBuilder<boolean>
  order: RawBuilder<unknown>
  cursorOf(row: { id: string; place: string }): string
}

function byTime({ sort, limit, cursor }: SessionsQuery): Order {
  const time = sort === 'created' ? 's.createdAt' : 's.updatedAt'
  const { micros, after, order, encode } = newestFirst({ limit, cursor }, { time, id: 's.id' })
  return {
    place: micros.expression as RawBuilder<string>,
    after,
    order,
    cursorOf: ({ id, place }) => encode({ id, micros: place }),
  }
}

/** The beginning of a title is what sorts it, so that a cursor stays short. Those without one come last. */
const TITLE_KEY = sql<string>`case when s.title is null then '1' else '0' || lower(left(s.title, 50)) end`
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function byTitle({ cursor }: SessionsQuery): Order {
  const place = cursor === undefined ? undefined : parseTitleCursor(cursor)
  return {
    place: TITLE_KEY,
    after: place ? sql<boolean>`(${TITLE_KEY}, s.id) > (${place.key}, ${place.id}::uuid)` : sql<boolean>`true`,
    order: sql`${TITLE_KEY}, s.id`,
    cursorOf: ({ id, place: key }) => Buffer.from(`${id}${key}`).toString('base64url'),
  }
}

function parseTitleCursor(cursor: string): { id: string; key: string } {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  const [id, key] = [text.slice(0, 36), text.slice(36)]
  if (UUID.test(id) && /^[01]/.test(key) && !key.includes('\u0000') && key.isWellFormed()) return { id, key }
  throw malformedCursor()
}
