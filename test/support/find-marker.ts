import { topology } from '@askwire/contracts'
import { findInRedis, waitFor } from '@askwire/testing'
import type { Stack } from './stack.ts'

/**
 * Every column of every table that holds the marker, and every key of Redis. Waits until every queue is empty: bodies hold ids only, and nothing waits
 * in the end.
 */
export async function findMarker({ deps, env }: Stack, marker: string): Promise<string[]> {
  const { pool } = deps.store
  const { rows: columns } = await pool.query(
    `select format('%I.%I', table_schema, table_name) as place, column_name as name, data_type as type
     from information_schema.columns join pg_class on oid = format('%I.%I', table_schema, table_name)::regclass
     where table_schema not in ('pg_catalog', 'information_schema') and relkind in ('r', 'p') and relispartition = false
       and data_type in ('text', 'jsonb', 'bytea', 'ARRAY', 'tsvector', 'USER-DEFINED')`,
  )
  const found: string[] = []
  for (const { place, name, type } of columns) {
    const text = type === 'bytea' ? `encode("${name}", 'escape')` : `"${name}"::text`
    const { rows } = await pool.query(
      `select exists (select from ${place} where position($1 in ${text}) > 0) as there`,
      [marker],
    )
    if (rows[0].there) found.push(`${place.replace('public.', '')}.${name}`)
  }
  for (const key of await findInRedis(env.ASKWIRE_REDIS_URL, marker)) found.push(`redis ${key}`)
  const names = topology().queues.map(({ name }) => name)
  const depth = async () => await Promise.all(names.map((name) => deps.broker.inspect(name)))
  await waitFor(async () => (await depth()).every(({ messages }) => messages === 0), { what: 'empty queues' })
  return found
}
