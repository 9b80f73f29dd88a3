export {
  createApiToken,
  deleteApiToken,
  listApiTokens,
  MAX_API_TOKENS,
  type NewApiToken,
} from './api-tokens.ts'
export { createGroup, deleteGroup, updateGroup } from './change-groups.ts'
export { createRole, deleteRole, updateRole } from './change-roles.ts'
export { endUserLogins } from './end-user-logins.ts'
export { addGroupMember, listGroupMembers, removeGroupMember } from './group-members.ts'
export { listGroups } from './groups.ts'
export { createInvitation, listInvitations, type NewInvitation, revokeInvitation } from './invitations.ts'
export { listRoles } from './roles.ts'
export { getTenantSettings, type TenantSettings, updateTenantSettings } from './tenant-settings.ts'
export { createTenant, listTenants, updateTenant } from './tenants.ts'
export { updateUser } from './update-user.ts'
export { getUser, listUsers, type UsersFilter } from './users.ts'
