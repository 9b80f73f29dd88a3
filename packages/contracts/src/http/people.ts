import { z } from 'zod'
import { uuid } from '../ids.ts'
import { BUILT_IN_ROLES, grantable, permission, tokenScope } from '../permissions.ts'
import { pageQuery } from './page.ts'
import { email, line } from './text.ts'

/** Limits of one person; null: the installation's own. */
export const userLimits = z.strictObject({
  maxUnfinishedRuns: z.int().min(1).max(10_000).nullable(),
  requestsPerMinute: z.int().min(1).max(1_000_000).nullable(),
})
export type UserLimits = z.infer<typeof userLimits>

/** A person as an administrator sees them. */
export const userView = z.object({
  id: z.string(),
  tenantId: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  role: z.object({ id: z.string(), name: z.string() }),
  groups: z.array(z.object({ id: z.string(), name: z.string() })),
  owner: z.boolean(),
  disabled: z.boolean(),
  mfaEnabled: z.boolean(),
  limits: userLimits,
  lastSeenAt: z.string().nullable(),
  createdAt: z.string(),
})
export type UserView = z.infer<typeof userView>

/** Query of lists of a tenant: one's own by default. Only an owner may name another; everyone else gets 404 for it. */
export const tenantPageQuery = pageQuery.extend({ tenantId: uuid.optional() })

/** Query of `GET /api/users`. `q` is found in name and address. Without `tenantId` an owner sees everyone, others their tenant. */
export const usersQuery = pageQuery.extend({
  q: line(200).optional(),
  roleId: uuid.optional(),
  disabled: z.enum(['true', 'false']).optional(),
  tenantId: uuid.optional(),
})
export type UsersQuery = z.infer<typeof usersQuery>

/** Body of `PATCH /api/users/:userId`. */
export const updateUserRequest = z.strictObject({
  roleId: uuid.optional(),
  disabled: z.boolean().optional(),
  limits: userLimits.partial().optional(),
})
export type UpdateUserRequest = z.infer<typeof updateUserRequest>

/** A role: built-in ones cannot be changed or deleted. */
export const roleView = z.object({
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  builtIn: z.enum(BUILT_IN_ROLES).nullable(),
  permissions: z.array(permission),
  members: z.int().nonnegative(),
  createdAt: z.string(),
})
export type RoleView = z.infer<typeof roleView>
export const roleTemplateView = z.object({ key: z.string(), name: z.string(), permissions: z.array(permission) })
/** Body of `POST /api/roles`. */
export const createRoleRequest = z.strictObject({ name: line(60), permissions: z.array(grantable).max(50) })
export type CreateRoleRequest = z.infer<typeof createRoleRequest>
export const updateRoleRequest = createRoleRequest.partial()
export type UpdateRoleRequest = z.infer<typeof updateRoleRequest>

/** A group gives its role's permissions to its members, on top of their own. */
export const groupView = z.object({
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  role: z.object({ id: z.string(), name: z.string() }),
  members: z.int().nonnegative(),
  createdAt: z.string(),
})
export type GroupView = z.infer<typeof groupView>
export const createGroupRequest = z.strictObject({ name: line(60), roleId: uuid })
export type CreateGroupRequest = z.infer<typeof createGroupRequest>
export const updateGroupRequest = createGroupRequest.partial()
export type UpdateGroupRequest = z.infer<typeof updateGroupRequest>
export const addMemberRequest = z.strictObject({ userId: uuid })

/** After so many days without a question a session is erased for good; null: never. */
const retentionDays = z.int().min(1).max(36_500).nullable()

/** A tenant, for owners of the installation. */
export const tenantView = z.object({
  id: z.string(),
  name: z.string(),
  disabled: z.boolean(),
  retentionDays,
  users: z.int().nonnegative(),
  createdAt: z.string(),
})
export type TenantView = z.infer<typeof tenantView>
export const createTenantRequest = z.strictObject({ name: line(100) })
export const updateTenantRequest = z.strictObject({
  name: line(100).optional(),
  disabled: z.boolean().optional(),
  retentionDays: retentionDays.optional(),
})
/** `GET` and `PATCH /api/settings`: what a tenant's administrators decide for all of it. */
export const tenantSettings = z.object({ retentionDays })
export const updateTenantSettings = z.strictObject({ retentionDays: retentionDays.optional() })

/** An invitation. Its link is shown once, when it is made, and mailed when there is an address. */
export const invitationView = z.object({
  id: z.string(),
  tenantId: z.string(),
  email: z.string().nullable(),
  role: z.object({ id: z.string(), name: z.string() }),
  invitedBy: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
  acceptedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
})
export type InvitationView = z.infer<typeof invitationView>
/** Body of `POST /api/invitations`. Only an owner may invite into another tenant; the role must be of that tenant. */
export const createInvitationRequest = z.strictObject({
  email: email.optional(),
  roleId: uuid.optional().meta({ description: "Default: the tenant's `user`." }),
  tenantId: uuid.optional(),
  expiresInDays: z.int().min(1).max(90).default(7),
})
export type CreateInvitationRequest = z.infer<typeof createInvitationRequest>
export const createdInvitation = invitationView.extend({ url: z.string() })
export type CreatedInvitation = z.infer<typeof createdInvitation>

/** An API token, without its secret. */
export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().meta({ description: 'How it begins, to tell it from others.' }),
  scopes: z.array(tokenScope),
  allowedAddresses: z.array(z.string()),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  lastUsedAddress: z.string().nullable(),
  createdAt: z.string(),
})
export type TokenView = z.infer<typeof tokenView>
/** Body of `POST /api/tokens`. */
export const createTokenRequest = z.strictObject({
  name: line(100),
  scopes: z.array(tokenScope).min(1).max(4),
  allowedAddresses: z
    .array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]))
    .max(50)
    .default([])
    .meta({ description: 'Addresses or CIDR ranges it may be used from; none: from anywhere.' }),
  expiresInDays: z.int().min(1).max(3650).nullable().default(90),
})
export type CreateTokenRequest = z.infer<typeof createTokenRequest>
/** A new token with its secret, which is never shown again. */
export const createdToken = tokenView.extend({ token: z.string() })
export type CreatedToken = z.infer<typeof createdToken>
