import type { Reach, Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable, Store } from './store.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Runs `work` in a transaction as the role that owns no table, bound by the row policies to what `scope` may reach. Role and
 * settings travel with the `begin`, in one round trip. `work` MUST use the given database only and MUST NOT wait for anything else.
 */
export async function withScope<T>(
  store: Store,
  scope: Scope | Reach,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const begin = sql.raw(beginAs(scope))
  return await store.db.connection().execute(async (db) => {
    await begin.execute(db)
    try {
      const value = await work(db)
      await COMMIT.execute(db)
      return value
    } catch (error) {
      // The connection may be gone; what failed first is what the caller needs to know.
      await ROLLBACK.execute(db).catch(() => undefined)
      throw error
    }
  })
}

const COMMIT = sql.raw('commit')
const ROLLBACK = sql.raw('rollback')

/** Several statements without parameters go as one simple query; so the ids stand in the text and must be nothing but ids. */
function beginAs(scope: Scope | Reach): string {
  for (const id of [scope.tenantId, scope.userId]) if (!UUID.test(id)) throw new Error('a scope must hold two ids')
  const reach = 'reach' in scope && (scope.reach === 'tenant' || scope.reach === 'installation') ? scope.reach : 'own'
  return `begin; set local role askwire_app; set local askwire.tenant_id = '${scope.tenantId}'; set local askwire.user_id = '${scope.userId}'; set local askwire.reach = '${reach}'`
}
