import { createHash } from 'node:crypto'
import { type Administrator, newId } from '@askwire/contracts'
import { ensureBuiltInRoles, type Store } from '@askwire/store'
import { requestFacts } from './drive.ts'

/** A tenant of its own with its built-in roles. */
export async function newTenant(store: Store): Promise<string> {
  const id = newId()
  await store.db.insertInto('tenants').values({ id, name: 'a tenant' }).execute()
  await ensureBuiltInRoles(store.db, id)
  return id
}

export async function roleIdOf(store: Store, tenantId: string, builtIn: 'admin' | 'user'): Promise<string> {
  const query = store.db.selectFrom('roles').select('id').where('tenantId', '=', tenantId)
  return (await query.where('builtIn', '=', builtIn).executeTakeFirstOrThrow()).id
}

export type Person = { role?: 'admin' | 'user'; roleId?: string; owner?: boolean; name?: string; email?: string }

/** Somebody who has registered, as they would administer. */
export async function addPerson(store: Store, tenantId: string, person: Person = {}): Promise<Administrator> {
  const { role = 'user', owner = false, name = 'somebody' } = person
  const userId = newId()
  const roleId = person.roleId ?? (await roleIdOf(store, tenantId, role))
  const registeredAt = new Date()
  const email = person.email ?? `${userId}@example.com`
  await store.db
    .insertInto('users')
    .values({ id: userId, tenantId, name, email, roleId, owner, registeredAt })
    .execute()
  return { tenantId, userId, reach: owner ? 'installation' : 'tenant', ...requestFacts() }
}

/** A tenant with an admin and a user. */
export async function newTeam(store: Store): Promise<{ tenantId: string; admin: Administrator; user: Administrator }> {
  const tenantId = await newTenant(store)
  return {
    tenantId,
    admin: await addPerson(store, tenantId, { role: 'admin', name: 'Ada' }),
    user: await addPerson(store, tenantId, { name: 'Uli' }),
  }
}

/** An open login of somebody. */
export async function addLogin(store: Store, who: { tenantId: string; userId: string }): Promise<string> {
  const id = newId()
  const expiresAt = new Date(Date.now() + 60_000)
  const { tenantId, userId } = who
  const { address, agent } = requestFacts()
  const row = { id, tenantId, userId, method: 'password', address, agent, expiresAt } as const
  await store.db.insertInto('logins').values(row).execute()
  return id
}

export const openLogins = async (store: Store, userId: string): Promise<number> =>
  (await store.db.selectFrom('logins').select('id').where('userId', '=', userId).where('endedAt', 'is', null).execute())
    .length

/** What was recorded about a target, oldest first. */
export async function recordOf(store: Store, targetId: string) {
  return await store.db
    .selectFrom('activities')
    .select(['action', 'actorId', 'tenantId', 'address', 'agent', 'requestId', 'before', 'after'])
    .where('targetId', '=', targetId)
    .orderBy('createdAt')
    .execute()
}

export const secretHash = (): Buffer => createHash('sha256').update(newId()).digest()
