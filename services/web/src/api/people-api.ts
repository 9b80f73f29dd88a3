import type {
  AuditVerification,
  GroupView,
  InvitationView,
  Page,
  Permission,
  RoleView,
  TenantView,
  UpdateUserRequest,
  UserView,
} from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { queryOf } from './query-of.ts'

const post = (body: unknown) => ({ method: 'POST', body }) as const
const patch = (body: unknown) => ({ method: 'PATCH', body }) as const
const remove = { method: 'DELETE' } as const
const id = encodeURIComponent

/** Lists that are taken whole ask for this many; an installation with more is asked page by page. */
const WHOLE = 100

export type UsersFilter = {
  q?: string | undefined
  roleId?: string | undefined
  disabled?: 'true' | 'false' | undefined
  tenantId?: string | undefined
  cursor?: string | undefined
}
export const listUsers = (filter: UsersFilter): Promise<Page<UserView>> =>
  requestJson(`/api/users${queryOf({ limit: 25, ...filter })}`)
export const updateUser = (userId: string, change: UpdateUserRequest): Promise<UserView> =>
  requestJson(`/api/users/${id(userId)}`, patch(change))
export const endLogins = (userId: string): Promise<unknown> => requestJson(`/api/users/${id(userId)}/logins`, remove)

export type RoleTemplate = { key: string; name: string; permissions: Permission[] }
export type RoleDraft = { name: string; permissions: Permission[] }
export const listRoles = (tenantId?: string): Promise<RoleView[]> => all('/api/roles', { tenantId })
export const listRoleTemplates = async (): Promise<RoleTemplate[]> =>
  (await requestJson<{ items: RoleTemplate[] }>('/api/roles/templates')).items
export const createRole = (role: RoleDraft): Promise<RoleView> => requestJson('/api/roles', post(role))
export const updateRole = (roleId: string, role: Partial<RoleDraft>): Promise<RoleView> =>
  requestJson(`/api/roles/${id(roleId)}`, patch(role))
export const deleteRole = (roleId: string): Promise<unknown> => requestJson(`/api/roles/${id(roleId)}`, remove)

export type Member = { id: string; name: string; email: string | null }
export type GroupDraft = { name: string; roleId: string }
export const listGroups = (): Promise<GroupView[]> => all('/api/groups', {})
export const createGroup = (group: GroupDraft): Promise<GroupView> => requestJson('/api/groups', post(group))
export const updateGroup = (groupId: string, group: Partial<GroupDraft>): Promise<GroupView> =>
  requestJson(`/api/groups/${id(groupId)}`, patch(group))
export const deleteGroup = (groupId: string): Promise<unknown> => requestJson(`/api/groups/${id(groupId)}`, remove)
export const listMembers = (groupId: string): Promise<Member[]> => all(`/api/groups/${id(groupId)}/members`, {})
export const addMember = (groupId: string, userId: string): Promise<unknown> =>
  requestJson(`/api/groups/${id(groupId)}/members`, post({ userId }))
export const removeMember = (groupId: string, userId: string): Promise<unknown> =>
  requestJson(`/api/groups/${id(groupId)}/members/${id(userId)}`, remove)

export const listTenants = (): Promise<TenantView[]> => all('/api/tenants', {})
export const createTenant = (name: string): Promise<TenantView> => requestJson('/api/tenants', post({ name }))
export const updateTenant = (tenantId: string, change: { name?: string; disabled?: boolean }): Promise<TenantView> =>
  requestJson(`/api/tenants/${id(tenantId)}`, patch(change))

export type InvitationDraft = {
  email?: string | undefined
  roleId?: string | undefined
  tenantId?: string | undefined
  expiresInDays: number
}
export const listInvitations = (cursor?: string): Promise<Page<InvitationView>> =>
  requestJson(`/api/invitations${queryOf({ limit: 25, cursor })}`)
export const createInvitation = (draft: InvitationDraft): Promise<InvitationView & { url: string }> =>
  requestJson('/api/invitations', post(draft))
export const revokeInvitation = (invitationId: string): Promise<unknown> =>
  requestJson(`/api/invitations/${id(invitationId)}`, remove)

export const verifyAudit = (): Promise<AuditVerification> => requestJson('/api/audit/verify')

/** Every page of a list that is short by its nature. */
async function all<T>(path: string, query: Record<string, string | undefined>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page: Page<T> = await requestJson(`${path}${queryOf({ limit: WHOLE, ...query, cursor })}`)
    items.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && items.length < MAX_WHOLE)
  return items
}

const MAX_WHOLE = 1000
