import { newId } from '@askwire/contracts'
import {
  addGroupMember,
  createGroup,
  createInvitation,
  createRole,
  deleteGroup,
  deleteRole,
  getUser,
  listGroupMembers,
  listGroups,
  listInvitations,
  listRoles,
  registerAccount,
  removeGroupMember,
  revokeInvitation,
  updateGroup,
  updateRole,
  updateUser,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { codeOf, type Open } from './drive.ts'
import { addPerson, newTeam, newTenant, recordOf, roleIdOf, secretHash } from './people-kit.ts'

export function describeRoles(open: Open): void {
  describe('roles', () => {
    test('are made, listed with their members, changed and deleted, each recorded', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const made = await createRole(store, admin, { name: 'Reader', permissions: ['chat.read', 'chat.read'] })
      expect(made).toMatchObject({ tenantId, builtIn: null, permissions: ['chat.read'], members: 0 })
      await updateUser(store, admin, user.userId, { roleId: made.id })
      const { items } = await listRoles(store, admin, { limit: 10 })
      expect(items.map(({ name, members }) => [name, members])).toEqual(
        expect.arrayContaining([
          ['Reader', 1],
          ['admin', 1],
          ['user', 0],
        ]),
      )
      const changed = await updateRole(store, admin, made.id, { permissions: ['chat.read', 'knowledge.read'] })
      expect(changed.permissions).toEqual(['chat.read', 'knowledge.read'])
      expect(await updateRole(store, admin, made.id, { name: 'Reader' })).toEqual(changed)
      expect(await codeOf(deleteRole(store, admin, made.id))).toBe('conflict')
      await updateUser(store, admin, user.userId, { roleId: await roleIdOf(store, tenantId, 'user') })
      await deleteRole(store, admin, made.id)
      expect(await recordOf(store, made.id)).toMatchObject([
        { action: 'role.create', after: { name: 'Reader', permissions: ['chat.read'] } },
        { action: 'role.update', before: { permissions: ['chat.read'] } },
        { action: 'role.delete', before: { name: 'Reader' } },
      ])
    })

    test('have one name each in a tenant, whatever the case', async () => {
      const store = open()
      const { admin } = await newTeam(store)
      const { id } = await createRole(store, admin, { name: 'Reader', permissions: [] })
      expect(await codeOf(createRole(store, admin, { name: 'rEADER', permissions: [] }))).toBe('conflict')
      expect(await codeOf(updateRole(store, admin, id, { name: 'Admin' }))).toBe('conflict')
      const other = await newTeam(store)
      expect((await createRole(store, other.admin, { name: 'Reader', permissions: [] })).name).toBe('Reader')
    })

    test('that are built in stay', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      for (const kind of ['admin', 'user'] as const) {
        const id = await roleIdOf(store, tenantId, kind)
        expect(await codeOf(updateRole(store, admin, id, { permissions: ['chat.read'] }))).toBe('conflict')
        expect(await codeOf(deleteRole(store, admin, id))).toBe('conflict')
      }
    })

    test('nobody gives, changes or takes what they do not hold', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      const permissions = ['roles.manage', 'users.manage', 'invitations.manage', 'chat.read'] as const
      const { id: roleId } = await createRole(store, admin, { name: 'few', permissions: [...permissions] })
      const few = await addPerson(store, tenantId, { roleId })
      const strong = await createRole(store, admin, { name: 'strong', permissions: ['audit.read'] })
      const strongGroup = await createGroup(store, admin, { name: 'auditors', roleId: strong.id })
      const weak = await createRole(store, few, { name: 'weak', permissions: ['chat.read'] })
      const weakGroup = await createGroup(store, few, { name: 'readers', roleId: weak.id })
      const refused = [
        createRole(store, few, { name: 'more', permissions: ['audit.read'] }),
        updateRole(store, few, weak.id, { permissions: ['audit.read'] }),
        updateRole(store, few, strong.id, { permissions: [] }),
        deleteRole(store, few, strong.id),
        createGroup(store, few, { name: 'more', roleId: strong.id }),
        updateGroup(store, few, weakGroup.id, { roleId: strong.id }),
        updateGroup(store, few, strongGroup.id, { name: 'ours' }),
        deleteGroup(store, few, strongGroup.id),
        addGroupMember(store, few, strongGroup.id, few.userId),
        updateUser(store, few, few.userId, { roleId: strong.id }),
        createInvitation(store, few, { hash: secretHash(), roleId: strong.id, expiresInDays: 1 }),
      ]
      const codes = await Promise.all(refused.map(codeOf))
      expect(codes).toEqual(refused.map(() => 'forbidden'))
    })

    test('of another tenant are not found', async () => {
      const store = open()
      const { admin } = await newTeam(store)
      const foreign = await newTeam(store)
      const { id } = await createRole(store, foreign.admin, { name: 'theirs', permissions: [] })
      const group = await createGroup(store, foreign.admin, { name: 'theirs', roleId: id })
      const refused = [
        updateRole(store, admin, id, { name: 'ours' }),
        deleteRole(store, admin, id),
        createGroup(store, admin, { name: 'ours', roleId: id }),
        updateGroup(store, admin, group.id, { name: 'ours' }),
        deleteGroup(store, admin, group.id),
        listGroupMembers(store, admin, group.id, { limit: 1 }),
        addGroupMember(store, admin, group.id, admin.userId),
        removeGroupMember(store, admin, group.id, foreign.user.userId),
        createInvitation(store, admin, { hash: secretHash(), roleId: id, expiresInDays: 1 }),
        createInvitation(store, admin, { hash: secretHash(), tenantId: foreign.tenantId, expiresInDays: 1 }),
        listRoles(store, admin, { limit: 1, tenantId: foreign.tenantId }),
        listGroups(store, admin, { limit: 1, tenantId: foreign.tenantId }),
        listInvitations(store, admin, { limit: 1, tenantId: foreign.tenantId }),
      ]
      expect(await Promise.all(refused.map(codeOf))).toEqual(refused.map(() => 'not_found'))
    })
  })

  describe('groups', () => {
    test('give their role to their members while they are in them', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      const role = await createRole(store, admin, { name: 'managers', permissions: ['users.manage', 'users.read'] })
      const group = await createGroup(store, admin, { name: 'Managers', roleId: role.id })
      const bar = (): Promise<string | undefined> =>
        codeOf(updateUser(store, user, user.userId, { limits: { maxUnfinishedRuns: 2 } }))
      expect(await bar()).toBe('forbidden')
      await addGroupMember(store, admin, group.id, user.userId)
      const member = await addGroupMember(store, admin, group.id, user.userId)
      expect(member.groups).toEqual([{ id: group.id, name: 'Managers' }])
      expect(await bar()).toBeUndefined()
      expect((await listGroupMembers(store, admin, group.id, { limit: 5 })).items).toEqual([
        await getUser(store, admin, user.userId),
      ])
      expect((await updateGroup(store, admin, group.id, { name: 'Bosses' })).name).toBe('Bosses')
      expect((await listGroups(store, admin, { limit: 5 })).items).toMatchObject([{ name: 'Bosses', members: 1 }])
      expect(await codeOf(deleteRole(store, admin, role.id))).toBe('conflict')
      await removeGroupMember(store, admin, group.id, user.userId)
      expect(await codeOf(removeGroupMember(store, admin, group.id, user.userId))).toBe('not_found')
      expect(await bar()).toBe('forbidden')
      await addGroupMember(store, admin, group.id, user.userId)
      await deleteGroup(store, admin, group.id)
      expect(await bar()).toBe('forbidden')
      const actions = (await recordOf(store, group.id)).map(({ action }) => action)
      expect(actions).toEqual([
        'group.create',
        'group.member_add',
        'group.update',
        'group.member_remove',
        'group.member_add',
        'group.delete',
      ])
    })

    test('hold people of their tenant only', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      const foreign = await newTeam(store)
      const owner = await addPerson(store, await newTenant(store), { role: 'admin', owner: true })
      const group = await createGroup(store, admin, { name: 'g', roleId: await roleIdOf(store, tenantId, 'user') })
      expect(await codeOf(addGroupMember(store, owner, group.id, foreign.user.userId))).toBe('not_found')
      expect(await codeOf(createGroup(store, admin, { name: 'G', roleId: group.role.id }))).toBe('conflict')
    })
  })

  describe('invitations', () => {
    test('are made, listed and taken back; their secret is nowhere', async () => {
      const store = open()
      const { admin } = await newTeam(store)
      const hash = secretHash()
      const made = await createInvitation(store, admin, { hash, email: 'new@example.com', expiresInDays: 7 })
      expect(made).toMatchObject({ email: 'new@example.com', role: { name: 'user' }, invitedBy: admin.userId })
      const days = (Date.parse(made.expiresAt) - Date.parse(made.createdAt)) / 86_400_000
      expect(days).toBeCloseTo(7, 2)
      expect((await listInvitations(store, admin, { limit: 5 })).items).toEqual([made])
      await revokeInvitation(store, admin, made.id)
      await revokeInvitation(store, admin, made.id)
      expect((await listInvitations(store, admin, { limit: 5 })).items[0]?.revokedAt).not.toBeNull()
      const record = await recordOf(store, made.id)
      expect(record.map(({ action }) => action)).toEqual(['invitation.create', 'invitation.revoke'])
      expect(JSON.stringify([made, record])).not.toContain(hash.toString('hex'))
    })

    test('of others are not found, and an accepted one is not taken back', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      const foreign = await newTeam(store)
      const { id } = await createInvitation(store, admin, { hash: secretHash(), expiresInDays: 1 })
      expect(await codeOf(revokeInvitation(store, foreign.admin, id))).toBe('not_found')
      await store.db
        .updateTable('invitations')
        .set({ acceptedAt: new Date(), acceptedBy: user.userId })
        .where('id', '=', id)
        .execute()
      expect(await codeOf(revokeInvitation(store, admin, id))).toBe('conflict')
    })

    test.each([
      ['barred', { disabled: true }],
      ['demoted', { roleId: 'user' }],
    ] as const)('end with who made them: %s', async (_what, change) => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      const other = await addPerson(store, tenantId, { role: 'admin' })
      const roleId = await roleIdOf(store, tenantId, 'admin')
      const [early, late] = [secretHash(), secretHash()]
      for (const hash of [early, late]) await createInvitation(store, other, { hash, roleId, expiresInDays: 1 })
      const join = async (invitationHash: Buffer): Promise<string | undefined> => {
        const who = { email: `${newId()}@example.com`, name: 'n', passwordHash: null, mode: 'closed' as const }
        return await codeOf(registerAccount(store, { ...who, invitationHash }, admin))
      }
      expect(await join(early)).toBeUndefined()
      const to = 'roleId' in change ? { roleId: await roleIdOf(store, tenantId, change.roleId) } : change
      await updateUser(store, admin, other.userId, to)
      expect(await join(late)).toBe('gone')
    })

    test('of an owner reach any tenant; a role is not deleted while one to it is open', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      const owner = await addPerson(store, await newTenant(store), { role: 'admin', owner: true })
      const role = await createRole(store, admin, { name: 'r', permissions: [] })
      const invitation = { hash: secretHash(), tenantId, roleId: role.id, expiresInDays: 1 }
      const { id } = await createInvitation(store, owner, invitation)
      expect((await listInvitations(store, owner, { limit: 5, tenantId })).items).toMatchObject([{ id, tenantId }])
      expect(await codeOf(deleteRole(store, admin, role.id))).toBe('conflict')
      await revokeInvitation(store, admin, id)
      expect(await codeOf(deleteRole(store, admin, role.id))).toBeUndefined()
    })
  })
}
