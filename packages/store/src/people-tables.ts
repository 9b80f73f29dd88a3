import type { Action, BuiltInRole } from '@askwire/contracts'
import type { Generated } from 'kysely'

/** `retentionDays`: a session nobody has asked in for so long is erased; null: kept. */
export type TenantsTable = {
  id: string
  name: string
  disabledAt: Date | null
  retentionDays: number | null
  createdAt: Generated<Date>
}

/** `registeredAt` is null while nobody has signed up as this user; `passwordHash` is a PHC string (argon2id). */
export type UsersTable = {
  id: string
  tenantId: string
  name: string
  email: string | null
  passwordHash: string | null
  roleId: string
  /** Owners reach every tenant of the installation. */
  owner: Generated<boolean>
  language: Generated<string>
  theme: Generated<string>
  /** Encrypted. In force only once `totpEnabledAt` is set. */
  totpSecret: Buffer | null
  totpEnabledAt: Date | null
  /** The newest time step whose code was used: a code works once. A bigint, so a string here. */
  totpLastStep: string | null
  maxUnfinishedRuns: number | null
  requestsPerMinute: number | null
  registeredAt: Date | null
  disabledAt: Date | null
  lastSeenAt: Date | null
  activitiesClearedAt: Date | null
  createdAt: Generated<Date>
}

export type RolesTable = {
  id: string
  tenantId: string
  name: string
  builtIn: BuiltInRole | null
  permissions: Generated<string[]>
  createdAt: Generated<Date>
}

export type UserGroupsTable = { id: string; tenantId: string; name: string; roleId: string; createdAt: Generated<Date> }

export type GroupMembersTable = { tenantId: string; groupId: string; userId: string; createdAt: Generated<Date> }

/** One place where somebody is signed in: a family of refresh tokens. */
export type LoginsTable = {
  id: string
  tenantId: string
  userId: string
  method: 'password' | 'oidc' | 'register' | 'reset'
  address: string
  agent: string
  createdAt: Generated<Date>
  lastUsedAt: Generated<Date>
  expiresAt: Date
  endedAt: Date | null
}

/** `hash` is the SHA-256 of the whole token. A token with `usedAt` that comes again ends its login. */
export type RefreshTokensTable = { hash: Buffer; loginId: string; createdAt: Generated<Date>; usedAt: Date | null }

export type SigningKeysTable = {
  kid: string
  publicJwk: Record<string, unknown>
  sealedPrivateKey: Buffer
  createdAt: Generated<Date>
  signsUntil: Date
  verifiesUntil: Date
}

export type TotpEnrolmentsTable = { userId: string; tenantId: string; sealedSecret: Buffer; expiresAt: Date }

export type BackupCodesTable = { userId: string; tenantId: string; hash: Buffer; usedAt: Date | null }

export type PasswordResetsTable = {
  hash: Buffer
  tenantId: string
  userId: string
  createdAt: Generated<Date>
  expiresAt: Date
  usedAt: Date | null
}

export type OidcIdentitiesTable = {
  issuer: string
  subject: string
  tenantId: string
  userId: string
  createdAt: Generated<Date>
}

export type ApiTokensTable = {
  id: string
  tenantId: string
  userId: string
  name: string
  hash: Buffer
  prefix: string
  scopes: string[]
  allowedAddresses: Generated<string[]>
  expiresAt: Date | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  createdAt: Generated<Date>
}

export type InvitationsTable = {
  id: string
  tenantId: string
  hash: Buffer
  email: string | null
  roleId: string
  invitedBy: string | null
  createdAt: Generated<Date>
  expiresAt: Date
  acceptedAt: Date | null
  acceptedBy: string | null
  revokedAt: Date | null
}

/** What was done. `chainSeq` and `hash` are null until the entry is sealed into its tenant's chain. */
export type ActivitiesTable = {
  id: string
  tenantId: string
  actorId: string | null
  action: Action
  targetType: string
  targetId: string | null
  address: string
  agent: string
  requestId: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  createdAt: Generated<Date>
  chainSeq: string | null
  hash: Buffer | null
}

export type AuditChainsTable = {
  tenantId: string
  headSeq: Generated<string>
  headHash: Buffer
  tailSeq: Generated<string>
  tailHash: Buffer
  /** Over the tenant and both ends. */
  mac: Buffer
}
