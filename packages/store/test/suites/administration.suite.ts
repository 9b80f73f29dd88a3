import { newId } from '@askwire/contracts'
import {
  createRole,
  createTenant,
  endUserLogins,
  getUser,
  listTenants,
  listUsers,
  updateTenant,
  updateUser,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { codeOf, type Open } from './drive.ts'
import { addLogin, addPerson, newTeam, newTenant, openLogins, recordOf, roleIdOf } from './people-kit.ts'

export function describeAdministration(open: Open): void {
  describe('people', () => {
    test('are listed within reach, newest first, page by page, and found by name, address, role and state', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const email = `grace-${newId()}@example.com`
      const grace = await addPerson(store, tenantId, { name: 'Grace %_\\ Hopper', email })
      const foreign = await newTeam(store)
      const ids = async (filter: Partial<Parameters<typeof listUsers>[2]> = {}): Promise<string[]> =>
        (await listUsers(store, admin, { limit: 50, ...filter })).items.map(({ id }) => id)
      expect(await ids()).toEqual([grace.userId, user.userId, admin.userId])
      const first = await listUsers(store, admin, { limit: 2 })
      const second = await listUsers(store, admin, { limit: 2, cursor: first.nextCursor ?? '' })
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(await ids())
      expect(second.nextCursor).toBeNull()
      expect(await ids({ q: '%_\\ hop' })).toEqual([grace.userId])
      expect(await ids({ q: email.toUpperCase() })).toEqual([grace.userId])
      expect(await ids({ q: '%' })).toEqual([grace.userId])
      expect(await ids({ roleId: await roleIdOf(store, tenantId, 'admin') })).toEqual([admin.userId])
      await updateUser(store, admin, user.userId, { disabled: true })
      expect(await ids({ disabled: true })).toEqual([user.userId])
      expect(await ids({ disabled: false })).toEqual([grace.userId, admin.userId])
      expect(await codeOf(ids({ tenantId: foreign.tenantId }))).toBe('not_found')
      const owner = await addPerson(store, await newTenant(store), { role: 'admin', owner: true })
      const seen = await listUsers(store, owner, { limit: 100, tenantId })
      expect(seen.items.map(({ id }) => id)).toEqual([grace.userId, user.userId, admin.userId])
      const found = await listUsers(store, owner, { limit: 100, q: email })
      expect(found.items).toEqual([await getUser(store, admin, grace.userId)])
    })

    test('hold no secret', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      const secret = { passwordHash: 'a-password-hash', totpSecret: Buffer.from('a-totp-secret') }
      await store.db.updateTable('users').set(secret).where('id', '=', user.userId).execute()
      const shown = JSON.stringify([
        await getUser(store, admin, user.userId),
        await listUsers(store, admin, { limit: 10 }),
        await updateUser(store, admin, user.userId, { disabled: true }),
        await recordOf(store, user.userId),
      ])
      expect(shown).not.toMatch(/hash|secret/i)
    })

    test('change role, limits and state, and what changed is recorded with who did it', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const roleId = await roleIdOf(store, tenantId, 'admin')
      await addLogin(store, user)
      await updateUser(store, admin, user.userId, { roleId, limits: { maxUnfinishedRuns: 3 } })
      expect(await openLogins(store, user.userId)).toBe(1)
      const barred = await updateUser(store, admin, user.userId, { disabled: true })
      expect(barred).toMatchObject({ disabled: true, limits: { maxUnfinishedRuns: 3, requestsPerMinute: null } })
      expect(await openLogins(store, user.userId)).toBe(0)
      await updateUser(store, admin, user.userId, { disabled: true })
      await updateUser(store, admin, user.userId, { disabled: false, limits: { maxUnfinishedRuns: null } })
      const { requestId, address, agent } = admin
      const by = { action: 'user.update', actorId: admin.userId, tenantId, requestId, address, agent }
      expect(await recordOf(store, user.userId)).toEqual([
        {
          ...by,
          before: { roleId: await roleIdOf(store, tenantId, 'user'), role: 'user', maxUnfinishedRuns: null },
          after: { roleId, role: 'admin', maxUnfinishedRuns: 3 },
        },
        { ...by, before: { disabled: false }, after: { disabled: true } },
        {
          ...by,
          before: { disabled: true, maxUnfinishedRuns: 3 },
          after: { disabled: false, maxUnfinishedRuns: null },
        },
      ])
    })

    test('of another tenant are not found, nor are their roles', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      const foreign = await newTeam(store)
      const foreignRole = await roleIdOf(store, foreign.tenantId, 'user')
      expect(await codeOf(getUser(store, admin, foreign.user.userId))).toBe('not_found')
      expect(await codeOf(updateUser(store, admin, foreign.user.userId, { disabled: true }))).toBe('not_found')
      expect(await codeOf(endUserLogins(store, admin, foreign.user.userId))).toBe('not_found')
      expect(await codeOf(updateUser(store, admin, user.userId, { roleId: foreignRole }))).toBe('not_found')
      expect(await recordOf(store, foreign.user.userId)).toEqual([])
      expect((await getUser(store, foreign.admin, foreign.user.userId)).disabled).toBe(false)
    })

    test('the last active admin can neither be demoted nor barred', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const [asAdmin, asUser] = [await roleIdOf(store, tenantId, 'admin'), await roleIdOf(store, tenantId, 'user')]
      expect(await codeOf(updateUser(store, admin, admin.userId, { roleId: asUser }))).toBe('conflict')
      expect(await codeOf(updateUser(store, admin, admin.userId, { disabled: true }))).toBe('conflict')
      await updateUser(store, admin, user.userId, { roleId: asAdmin })
      await updateUser(store, admin, user.userId, { disabled: true })
      expect(await codeOf(updateUser(store, admin, admin.userId, { roleId: asUser }))).toBe('conflict')
      await updateUser(store, admin, user.userId, { disabled: false })
      expect((await updateUser(store, admin, admin.userId, { roleId: asUser })).role.name).toBe('user')
    })

    test.each(['demote', 'bar'])('of admins who %s each other at once, one stays', async (what) => {
      const store = open()
      for (let round = 0; round < 5; round++) {
        const { tenantId, admin } = await newTeam(store)
        const admins = [admin, await addPerson(store, tenantId, { role: 'admin' })] as const
        const roleId = await roleIdOf(store, tenantId, 'user')
        const change = what === 'demote' ? { roleId } : { disabled: true }
        const codes = await Promise.all([
          codeOf(updateUser(store, admins[0], admins[1].userId, change)),
          codeOf(updateUser(store, admins[1], admins[0].userId, change)),
        ])
        expect(codes.filter((code) => code === undefined)).toHaveLength(1)
        const filter = { limit: 10, disabled: false, roleId: await roleIdOf(store, tenantId, 'admin') }
        const owner = await addPerson(store, await newTenant(store), { role: 'admin', owner: true })
        expect((await listUsers(store, owner, { ...filter, tenantId })).items).toHaveLength(1)
      }
    })

    test('who has just lost the permission changes nothing, whatever the gateway remembers', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const other = await addPerson(store, tenantId, { role: 'admin' })
      await updateUser(store, admin, other.userId, { roleId: await roleIdOf(store, tenantId, 'user') })
      expect(await codeOf(updateUser(store, other, user.userId, { disabled: true }))).toBe('forbidden')
    })

    test('nobody acts on somebody above them', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const owner = await addPerson(store, tenantId, { role: 'user', owner: true })
      const { id: roleId } = await createRole(store, admin, {
        name: 'people',
        permissions: ['users.read', 'users.manage', 'chat.ask', 'chat.read'],
      })
      const lesser = await addPerson(store, tenantId, { roleId })
      expect(await codeOf(updateUser(store, admin, owner.userId, { disabled: true }))).toBe('forbidden')
      expect(await codeOf(endUserLogins(store, admin, owner.userId))).toBe('forbidden')
      expect(await codeOf(updateUser(store, lesser, admin.userId, { disabled: true }))).toBe('forbidden')
      expect(await codeOf(endUserLogins(store, lesser, admin.userId))).toBe('forbidden')
      expect(await codeOf(updateUser(store, lesser, user.userId, { disabled: true }))).toBe('forbidden')
      const asAdmin = { roleId: await roleIdOf(store, tenantId, 'admin') }
      expect(await codeOf(updateUser(store, lesser, lesser.userId, asAdmin))).toBe('forbidden')
      const twin = await addPerson(store, tenantId, { roleId })
      expect((await updateUser(store, lesser, twin.userId, { disabled: true })).disabled).toBe(true)
      expect((await updateUser(store, owner, admin.userId, { limits: { requestsPerMinute: 5 } })).limits).toMatchObject(
        {
          requestsPerMinute: 5,
        },
      )
    })

    test('of owners who bar each other at once, one stays, also from different tenants', async () => {
      const store = open()
      await store.db.updateTable('users').set({ owner: false }).where('owner', '=', true).execute()
      const [one, other] = [await newTeam(store), await newTeam(store)]
      const owners = [
        await addPerson(store, one.tenantId, { owner: true }),
        await addPerson(store, other.tenantId, { owner: true }),
      ] as const
      const codes = await Promise.all([
        codeOf(updateUser(store, owners[0], owners[1].userId, { disabled: true })),
        codeOf(updateUser(store, owners[1], owners[0].userId, { disabled: true })),
      ])
      expect(codes.filter((code) => code === undefined)).toHaveLength(1)
      const left = codes[0] === undefined ? owners[0] : owners[1]
      expect(await codeOf(updateUser(store, left, left.userId, { disabled: true }))).toBe('conflict')
    })

    test('are signed out everywhere', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      await addLogin(store, user)
      await addLogin(store, user)
      const others = await addLogin(store, admin)
      expect(await endUserLogins(store, admin, user.userId)).toEqual({ tenantId: user.tenantId, ended: 2 })
      expect([await openLogins(store, user.userId), await openLogins(store, admin.userId)]).toEqual([0, 1])
      expect(await recordOf(store, user.userId)).toMatchObject([{ action: 'user.logins_end', after: { ended: 2 } }])
      expect(others).toBeDefined()
    })
  })

  describe('tenants', () => {
    test('are an owner’s to make, with their roles, and to bar, which signs everybody out', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const owner = await addPerson(store, await newTenant(store), { role: 'admin', owner: true })
      const made = await createTenant(store, owner, { name: 'Brennick' })
      expect(await recordOf(store, made.id)).toMatchObject([{ action: 'tenant.create', tenantId: made.id }])
      for (const kind of ['admin', 'user'] as const) expect(await roleIdOf(store, made.id, kind)).toBeDefined()
      expect((await listTenants(store, owner, { limit: 1 })).items).toEqual([made])
      expect((await listTenants(store, admin, { limit: 100 })).items.map(({ id }) => id)).toEqual([tenantId])
      await addLogin(store, user)
      const barred = await updateTenant(store, owner, tenantId, { disabled: true, name: 'gone' })
      expect(barred).toMatchObject({ disabled: true, name: 'gone', users: 2 })
      expect(await openLogins(store, user.userId)).toBe(0)
      expect(await updateTenant(store, owner, tenantId, { name: 'gone' })).toEqual(barred)
      expect(await recordOf(store, tenantId)).toMatchObject([
        { before: { name: 'a tenant', disabled: false }, after: { name: 'gone', disabled: true } },
      ])
    })

    test('are not for admins, and one with an active owner is not barred', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      const foreign = await newTenant(store)
      const owner = await addPerson(store, foreign, { role: 'admin', owner: true })
      expect(await codeOf(createTenant(store, admin, { name: 'mine' }))).toBe('forbidden')
      expect(await codeOf(updateTenant(store, admin, tenantId, { name: 'mine' }))).toBe('forbidden')
      expect(await codeOf(updateTenant(store, admin, foreign, { name: 'mine' }))).toBe('not_found')
      expect(await codeOf(createTenant(store, { ...admin, reach: 'installation' }, { name: 'mine' }))).toBe('forbidden')
      expect(await codeOf(updateTenant(store, owner, foreign, { disabled: true }))).toBe('conflict')
      expect(await codeOf(updateTenant(store, owner, newId(), { name: 'none' }))).toBe('not_found')
    })
  })
}
