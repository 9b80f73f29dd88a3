import { AppError, type Page } from '@askwire/contracts'
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely'

/** A place in a list ordered by (time, id): microseconds since 1970, as PostgreSQL keeps them, and the row's id. */
export type Cursor = { micros: string; id: string }

/** What a list is asked for: how many, and the cursor that an earlier page gave. */
export type PageRequest = { limit: number; cursor?: string | undefined }

const SHAPE = /^(\d{1,17}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.micros}:${cursor.id}`).toString('base64url')
}

/** Throws `invalid_request` for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor {
  const match = SHAPE.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (!match?.[1] || !match[2]) throw malformedCursor()
  return { micros: match[1], id: match[2] }
}

/** What a list says to a cursor that it did not give. */
export function malformedCursor(list = 'list'): AppError {
  return new AppError('invalid_request', `The cursor is not one of this ${list}.`, {
    details: [{ path: 'cursor', message: 'malformed' }],
  })
}

/** The page out of rows that were read with one more than it holds, which tells that there is a next page. */
export function cutPage<Row>(rows: readonly Row[], limit: number, cursorOf: (last: Row) => string): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}

export type NewestFirst = {
  /** To be selected, for the next page's cursor. */
  micros: AliasedRawBuilder<string, 'micros'>
  /** To be a condition: nothing that an earlier page showed. */
  after: RawBuilder<boolean>
  /** To be ordered by. */
  order: RawBuilder<unknown>
  /** One row more than the page holds. */
  limit: number
  encode(place: Cursor): string
  toPage<Row extends { id: string; micros: string }, View>(rows: readonly Row[], toView: (row: Row) => View): Page<View>
}

/**
 * The parts of a query that lists rows newest first by a time and an id, whose columns it names as Kysely knows them. Rows that
 * arrive while somebody pages are not shown twice. Throws `invalid_request` for a malformed cursor.
 */
export function newestFirst(page: PageRequest, columns = { time: 'createdAt', id: 'id' }): NewestFirst {
  const [time, id] = [sql.ref(columns.time), sql.ref(columns.id)]
  const place = page.cursor === undefined ? undefined : decodeCursor(page.cursor)
  return {
    micros: sql<string>`(extract(epoch from ${time}) * 1000000)::bigint::text`.as('micros'),
    after: place
      ? sql<boolean>`(${time}, ${id}) <
          (timestamptz 'epoch' + ${place.micros}::bigint * interval '1 microsecond', ${place.id}::uuid)`
      : sql<boolean>`true`,
    order: sql`${time} desc, ${id} desc`,
    limit: page.limit + 1,
    encode: encodeCursor,
    toPage: (rows, toView) => {
      const { items, nextCursor } = cutPage(rows, page.limit, encodeCursor)
      return { items: items.map(toView), nextCursor }
    },
  }
}
