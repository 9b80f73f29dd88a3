import { CompiledQuery } from 'kysely'
import type { Queryable } from './store.ts'

const names = new Map<string, string>()
const plain = new WeakMap<Queryable, Queryable>()

/** The name under which the server is to keep a statement, when it is one of `defineStatement`'s. */
export function statementName(text: string): string | undefined {
  return names.get(text)
}

/**
 * A statement of the hot path, written once: Kysely does not build it anew, and each connection has it parsed and, after a few
 * calls, planned once and for all. So only for statements whose best plan does not hang on their values. Columns are named as
 * they are wanted in the rows (`as "camelCase"`); every parameter has a cast where its type does not follow from a column.
 */
export function defineStatement<Row>(
  name: string,
  text: string,
): (db: Queryable, values: readonly unknown[]) => Promise<Row[]> {
  names.set(text, `askwire_${name}`)
  return async (db, values) => (await withoutPlugins(db).executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows
}

/** The rows have their names already. */
function withoutPlugins(db: Queryable): Queryable {
  const known = plain.get(db)
  if (known) return known
  const made = db.withoutPlugins()
  plain.set(db, made)
  return made
}
