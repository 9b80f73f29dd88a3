import type { Actor, SessionsQuery } from '@askwire/contracts'
import { changeSessions, createSession, listSessions } from '@askwire/store'
import { sql } from 'kysely'
import type { Open } from './drive.ts'

export const BY_UPDATE: SessionsQuery = { limit: 20, sort: 'updated' }

/** What the suites of sessions do again and again, as the person that `who` gives. */
export const sessionTools = (open: Open, who: () => Actor) => ({
  make: async (wanted: Partial<Parameters<typeof createSession>[2]> = {}, by = who()) =>
    await createSession(open(), by, { temporary: false, ...wanted }),
  titles: async (query: Partial<SessionsQuery> = {}) =>
    (await listSessions(open(), who(), { ...BY_UPDATE, ...query })).items.map(({ title }) => title),
  act: async (action: 'delete' | 'restore' | 'archive', ...ids: string[]) =>
    await changeSessions(open(), who(), { action, ids }),
  /** Makes a session look so many days older. */
  age: async (id: string, column: 'updated_at' | 'deleted_at', days: number) =>
    await sql`update sessions set ${sql.ref(column)} = now() - make_interval(days => ${days}) where id = ${id}`.execute(
      open().db,
    ),
})
