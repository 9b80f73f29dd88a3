import type { DatabaseClient } from '@askwire/testing'

/** Tables that change by themselves: leases, the audit chain; and parts of a table that is looked at whole. */
const RESTLESS = /^(leases|audit_chains|kysely_|checkpoint|activities_)/
/** Fields that say only that somebody came by, or that an entry was sealed. */
const RESTLESS_FIELDS: Record<string, string[]> = {
  users: ['last_seen_at'],
  logins: ['last_used_at'],
  api_tokens: ['last_used_at', 'last_used_address'],
  activities: ['chain_seq', 'hash'],
}

/** A digest of every table, by name: equal digests mean that nothing has changed. `except` leaves tables out. */
export async function dumpDatabase(
  database: DatabaseClient,
  except: readonly string[] = [],
): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    if (RESTLESS.test(name) || except.includes(name)) continue
    const fields = (RESTLESS_FIELDS[name] ?? []).map((field) => `'${field}'`).join(', ')
    const [row] = await database.query<{ digest: string }>(
      `with rows as (select md5((to_jsonb(t) - array[${fields}]::text[])::text) as row from "${name}" t)
       select count(*) || ':' || coalesce(md5(string_agg(row, '' order by row)), '') as digest from rows`,
    )
    digests[name] = row?.digest ?? ''
  }
  return digests
}
