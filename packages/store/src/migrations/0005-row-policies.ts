import { type Kysely, sql } from 'kysely'

/** Whoever a request acts for runs its statements as this role; it owns nothing, so the policies hold for it. */
const ROLE = 'askwire_app'

/** Absent settings are null here, and null equals nothing. */
const setting = (name: string): string => `nullif(current_setting('askwire.${name}', true), '')`
const SAME_TENANT = (column: string): string => `${column} = (select ${setting('tenant_id')}::uuid)`
const SAME_USER = (column: string): string => `${column} = (select ${setting('user_id')}::uuid)`
/** Set for administration only: `tenant`, or `installation` for its owners. */
const REACHES = (reach: 'tenant' | 'installation'): string => `(select ${setting('reach')}) = '${reach}'`

/** Rows of one user. */
const OWN = `${SAME_TENANT('tenant_id')} and ${SAME_USER('user_id')}`
/** Rows of one tenant, for those who administer it. */
const administered = (column: string): string =>
  `${REACHES('installation')} or (${REACHES('tenant')} and ${SAME_TENANT(column)})`
/** Rows of one user, which are an administrator's business too. */
const OWN_OR_REACHED = `${REACHES('installation')} or (${SAME_TENANT('tenant_id')} and (${REACHES('tenant')} or ${SAME_USER('user_id')}))`

const ALL = 'select, insert, update, delete'
const VISIBLE_OF_USER =
  'id, tenant_id, name, email, role_id, owner, language, theme, totp_enabled_at, max_unfinished_runs, requests_per_minute, registered_at, disabled_at, last_seen_at, activities_cleared_at, created_at'
const SETTABLE_OF_USER =
  'name, role_id, language, theme, max_unfinished_runs, requests_per_minute, disabled_at, activities_cleared_at'

/** What only the owner of the tables may touch: closed to every other role, also should one be given access by mistake. */
const CLOSED = [
  'activities_default',
  'signing_keys',
  'refresh_tokens',
  'audit_chains',
  'password_resets',
  'totp_enrolments',
  'backup_codes',
  'oidc_identities',
]

/**
 * What the role may do in a table, and to which rows; `seen`: rows that may be read besides. A table that is not here is closed to it:
 * secrets, leases, the audit chain, and the partitions of a table that is here.
 */
type Rule = { table: string; grant: string; rows: string; seen?: string }
const RULES: Rule[] = [
  ...['sessions', 'messages', 'runs', 'collections', 'documents', 'chunks', 'chunk_terms'].map(
    (table): Rule => ({ table, grant: ALL, rows: OWN }),
  ),
  ...['dead_letters', 'logins', 'api_tokens'].map((table): Rule => ({ table, grant: ALL, rows: OWN_OR_REACHED })),
  ...['roles', 'user_groups', 'group_members'].map(
    (table): Rule => ({ table, grant: ALL, rows: administered('tenant_id'), seen: SAME_TENANT('tenant_id') }),
  ),
  { table: 'invitations', grant: ALL, rows: administered('tenant_id') },
  { table: 'tenants', grant: 'select, insert, update', rows: administered('id'), seen: SAME_TENANT('id') },
  {
    table: 'users',
    // Passwords and authenticator secrets are read by signing in only, which acts for nobody yet.
    grant: `select (${VISIBLE_OF_USER}), update (${SETTABLE_OF_USER})`,
    rows: `${REACHES('installation')} or (${SAME_TENANT('tenant_id')} and (${REACHES('tenant')} or ${SAME_USER('id')}))`,
  },
]

/**
 * Row-level security under the owner conditions of every statement: should one be forgotten, nothing foreign is read or written.
 * `withScope` sets the role and the settings for one transaction. The login role owns the tables and is not bound by the policies:
 * workers, the reconciler and signing in go by ids and secrets, not by a scope.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await ensureRole(db)
  const run = async (statement: string): Promise<unknown> => await sql.raw(statement).execute(db)
  await run(`grant usage on schema public to ${ROLE}`)
  for (const { table, grant, rows, seen } of RULES) {
    await run(`grant ${grant} on ${table} to ${ROLE}`)
    await run(`alter table ${table} enable row level security`)
    await run(`create policy ${table}_reach on ${table} to ${ROLE} using (${rows}) with check (${rows})`)
    if (seen !== undefined) await run(`create policy ${table}_seen on ${table} for select to ${ROLE} using (${seen})`)
  }
  await protectActivities(run)
  await countQueuedForAll(run)
  await protectRights(run)
  for (const table of CLOSED) await run(`alter table ${table} enable row level security`)
}

/**
 * People may change their own row, but not what they may do. Columns are granted to a role as a whole, so a trigger tells who
 * administers; the owner of the tables is not asked.
 */
async function protectRights(run: (statement: string) => Promise<unknown>): Promise<void> {
  await run(`
    create function askwire_protect_rights() returns trigger language plpgsql as $$
    begin
      if current_user = '${ROLE}' and coalesce(current_setting('askwire.reach', true), '') not in ('tenant', 'installation') then
        raise insufficient_privilege using message = 'nobody changes their own rights';
      end if;
      return new;
    end $$`)
  await run(`
    create trigger users_protect_rights before update of role_id, max_unfinished_runs, requests_per_minute, disabled_at on users
    for each row execute function askwire_protect_rights()`)
}

/** What was recorded stays as it is: it is read and added to. What nobody known did, or the system, has no actor. */
async function protectActivities(run: (statement: string) => Promise<unknown>): Promise<void> {
  const reached = (own: string): string =>
    `${REACHES('installation')} or (${SAME_TENANT('tenant_id')} and (${REACHES('tenant')} or ${own}))`
  await run(`grant select, insert on activities to ${ROLE}`)
  await run(`alter table activities enable row level security`)
  await run(
    `create policy activities_read on activities for select to ${ROLE} using (${reached(SAME_USER('actor_id'))})`,
  )
  await run(
    `create policy activities_write on activities for insert to ${ROLE}
      with check (${reached(`actor_id is null or ${SAME_USER('actor_id')}`)})`,
  )
}

/** How many runs are queued, whoever asked: a place in the queue is told to everyone, and nothing else of the runs before it. */
async function countQueuedForAll(run: (statement: string) => Promise<unknown>): Promise<void> {
  await run(`
    create function askwire_queued_runs(most int) returns int
    language sql stable security definer set search_path = pg_catalog, public as $$
      select count(*)::int from (select from public.runs where status = 'queued' limit most) queued
    $$`)
  await run(`revoke execute on function askwire_queued_runs from public`)
  await run(`grant execute on function askwire_queued_runs to ${ROLE}, current_user`)
}

/**
 * Roles belong to the server, not to this database: another installation may have made it already, even now, or its administrator,
 * who then has given it to the login role too. A role that the policies would not bind is refused.
 */
async function ensureRole(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    do $$ begin
      begin
        if not exists (select from pg_roles where rolname = '${ROLE}') then
          begin
            create role ${ROLE} nologin;
          exception when duplicate_object or unique_violation then null;
          end;
        end if;
        -- Since 16 whoever makes a role may administer it, and that alone does not allow to act as it.
        if not pg_has_role(current_user, '${ROLE}',
            case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
          execute format('grant ${ROLE} to %I', current_user);
        end if;
      exception when insufficient_privilege then
        raise insufficient_privilege using message = format(
          'the database login may not make the role ${ROLE}; have an administrator run: create role ${ROLE} nologin; grant ${ROLE} to %I',
          current_user);
      end;
      if exists (select from pg_roles where rolname = '${ROLE}' and (rolsuper or rolbypassrls)) then
        raise exception 'the role ${ROLE} must be neither a superuser nor exempt from row security';
      end if;
    end $$`)
    .execute(db)
}
