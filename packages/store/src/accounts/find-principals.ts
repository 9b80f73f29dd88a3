import type { BuiltInRole } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import type { Store } from '../store.ts'

/** Who is behind a login or a token, with everything their permissions come from. */
export type PrincipalRow = {
  tenantId: string
  userId: string
  owner: boolean
  roles: { builtIn: BuiltInRole | null; permissions: string[] }[]
  maxUnfinishedRuns: number | null
  requestsPerMinute: number | null
  loginId: string | null
  tokenId: string | null
  /** Of a token; null for a login. */
  scopes: string[] | null
  allowedAddresses: string[]
  expiresAt: Date | null
}

/** The role of the person and those of their groups. */
const ROLES = sql`(
  select jsonb_agg(jsonb_build_object('builtIn', roles.built_in, 'permissions', roles.permissions)) from roles
  where roles.tenant_id = users.tenant_id and (roles.id = users.role_id or roles.id in (
    select user_groups.role_id from group_members
    join user_groups on user_groups.tenant_id = group_members.tenant_id and user_groups.id = group_members.group_id
    where group_members.tenant_id = users.tenant_id and group_members.user_id = users.id)))`
const PERSON = sql`users.tenant_id, users.id as user_id, users.owner, users.max_unfinished_runs, users.requests_per_minute,
  coalesce(${ROLES}, '[]') as roles`
const IN_FORCE = sql`users.registered_at is not null and users.disabled_at is null and tenants.disabled_at is null`

/** The person of a login that is in force, in one statement. Undefined when login, person or tenant is not. */
export async function findPrincipalByLogin(store: Store, loginId: string): Promise<PrincipalRow | undefined> {
  return (await byLogins(store, sql`logins.id = ${loginId}::uuid`))[0]
}

/** The same for the hash of an API token. A token made in the trial, before there was an account, is not in force. */
export async function findPrincipalByToken(store: Store, hash: Buffer): Promise<PrincipalRow | undefined> {
  return (await byTokens(store, sql`api_tokens.hash = ${hash}`))[0]
}

/** Those of these logins and tokens that are in force, for streams that were opened with them. */
export async function listPrincipals(
  store: Store,
  ids: { loginIds: readonly string[]; tokenIds: readonly string[] },
): Promise<PrincipalRow[]> {
  const logins =
    ids.loginIds.length > 0 ? await byLogins(store, sql`logins.id = any(${[...ids.loginIds]}::uuid[])`) : []
  const tokens =
    ids.tokenIds.length > 0 ? await byTokens(store, sql`api_tokens.id = any(${[...ids.tokenIds]}::uuid[])`) : []
  return [...logins, ...tokens]
}

async function byLogins(store: Store, condition: RawBuilder<unknown>): Promise<PrincipalRow[]> {
  const { rows } = await sql<PrincipalRow>`
    select ${PERSON}, logins.id as login_id, null as token_id, null as scopes, '{}'::text[] as allowed_addresses,
      logins.expires_at
    from logins
    join users on users.tenant_id = logins.tenant_id and users.id = logins.user_id
    join tenants on tenants.id = users.tenant_id
    where ${condition} and logins.ended_at is null and logins.expires_at > clock_timestamp() and ${IN_FORCE}`.execute(
    store.db,
  )
  return rows
}

async function byTokens(store: Store, condition: RawBuilder<unknown>): Promise<PrincipalRow[]> {
  const { rows } = await sql<PrincipalRow>`
    select ${PERSON}, null as login_id, api_tokens.id as token_id, api_tokens.scopes, api_tokens.allowed_addresses,
      api_tokens.expires_at
    from api_tokens
    join users on users.tenant_id = api_tokens.tenant_id and users.id = api_tokens.user_id
    join tenants on tenants.id = users.tenant_id
    where ${condition} and (api_tokens.expires_at is null or api_tokens.expires_at > clock_timestamp())
      and ${IN_FORCE} and api_tokens.created_at >= users.registered_at`.execute(store.db)
  return rows
}
