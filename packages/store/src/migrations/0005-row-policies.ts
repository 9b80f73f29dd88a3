import { type Kysely, sql } from 'kysely'

/** Whoever a request acts for runs its statements as this role; it owns nothing, so the policies hold for it. */
const ROLE = 'askwire_app'

/** Rows of one user. */
const OWN = `tenant_id = (select current_setting('askwire.tenant_id', true)::uuid)
  and user_id = (select current_setting('askwire.user_id', true)::uuid)`
/** Rows of one tenant, for those who reach as far; of every tenant for owners of the installation. */
const TENANT = `tenant_id = (select current_setting('askwire.tenant_id', true)::uuid)`
const REACH = `(select current_setting('askwire.reach', true))`

const OF_USER = [
  'sessions',
  'messages',
  'runs',
  'collections',
  'documents',
  'chunks',
  'chunk_terms',
  'dead_letters',
  'logins',
  'api_tokens',
  'password_resets',
  'oidc_identities',
  'totp_enrolments',
  'backup_codes',
]
const OF_TENANT = ['roles', 'user_groups', 'group_members', 'invitations']

/**
 * Row-level security under the owner conditions of every statement: should one be forgotten, nothing foreign is read or written.
 * `withScope` sets the role and the settings for one transaction. The login role owns the tables and is not bound by the policies:
 * workers, the reconciler and signing in go by ids and secrets, not by a scope.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Roles belong to the server, not to this database: another installation may have made it already, even now.
  await sql
    .raw(`
    do $$ begin
      create role ${ROLE} nologin;
    exception when duplicate_object or unique_violation then null;
    end $$`)
    .execute(db)
  await sql.raw(`grant ${ROLE} to current_user`).execute(db)
  await sql.raw(`grant usage on schema public to ${ROLE}`).execute(db)
  await sql.raw(`grant select, insert, update, delete on all tables in schema public to ${ROLE}`).execute(db)
  await sql.raw(`grant usage on all sequences in schema public to ${ROLE}`).execute(db)
  for (const table of ['signing_keys', 'refresh_tokens', 'leases', 'audit_chains', 'kysely_migration'])
    await sql.raw(`revoke all on ${table} from ${ROLE}`).execute(db)
  for (const table of OF_USER) await protect(db, table, userCondition(table))
  for (const table of OF_TENANT) await protect(db, table, `${REACH} = 'installation' or ${TENANT}`)
  await protect(
    db,
    'tenants',
    `${REACH} = 'installation' or id = (select current_setting('askwire.tenant_id', true)::uuid)`,
  )
  await protect(
    db,
    'users',
    `${REACH} = 'installation' or (${TENANT} and (${REACH} = 'tenant' or id = (select current_setting('askwire.user_id', true)::uuid)))`,
  )
  await protect(
    db,
    'activities',
    `${REACH} = 'installation' or (${TENANT} and (${REACH} = 'tenant' or actor_id = (select current_setting('askwire.user_id', true)::uuid)))`,
  )
  // What was recorded stays as it is.
  await sql.raw(`revoke update, delete on activities from ${ROLE}`).execute(db)
}

/** Logins, tokens and factors of others are an administrator's business too: to end them, never to read their secrets. */
function userCondition(table: string): string {
  if (!['logins', 'api_tokens', 'password_resets', 'totp_enrolments', 'backup_codes'].includes(table)) return OWN
  return `${REACH} = 'installation' or (${REACH} = 'tenant' and ${TENANT}) or (${OWN})`
}

async function protect(db: Kysely<unknown>, table: string, condition: string): Promise<void> {
  await sql.raw(`alter table ${table} enable row level security`).execute(db)
  await sql
    .raw(`create policy ${table}_reach on ${table} to ${ROLE} using (${condition}) with check (${condition})`)
    .execute(db)
}
