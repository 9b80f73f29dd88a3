import { type RawBuilder, sql } from 'kysely'

/** The database's time at this statement, also inside a long transaction. */
export const clock = sql<Date>`clock_timestamp()`

/** `ms` from the database's time at this statement. */
export function clockPlus(ms: number): RawBuilder<Date> {
  return sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`
}

/** `ms` before the start of the transaction: stable, so an index can be searched by it. */
export function nowMinus(ms: number): RawBuilder<Date> {
  return sql<Date>`now() - make_interval(secs => ${ms / 1000})`
}

/**
 * Plans each statement of this transaction, and the checks of keys in it, for the tables as they are by then. For whoever writes thousands of rows that
 * refer to each other: the plan kept from a table that was small reads all of a session for each row, and the embedded database, which nobody analyses, keeps it
 * for good. 20 000 messages took 80 seconds of computing so, in which a standalone process answered nobody; now 4.
 */
export const planAnew = sql`set local plan_cache_mode = force_custom_plan`

/** A jsonb parameter. Arrays need it (the driver would write an SQL array), and text in it is made storable. */
export function json<T>(value: T): RawBuilder<T> {
  return sql<T>`${jsonText(value)}::jsonb`
}

/** A value as the text of a jsonb parameter, with every text in it made storable. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}

/**
 * Text that PostgreSQL stores: NUL and lone surrogates, which a model or a parser may produce, become U+FFFD. The length
 * in UTF-16 code units stays the same.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}
