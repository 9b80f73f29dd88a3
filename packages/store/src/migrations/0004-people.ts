import { type Kysely, sql } from 'kysely'

/**
 * Accounts, roles, groups, logins, tokens, invitations, signing keys and the record of what was done. Secrets are kept as full
 * hashes, or encrypted where they have to be read again (authenticator secrets, signing keys). The built-in owner of the first
 * migration becomes the first account, so that everything it owns goes with it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createRoles(db)
  await extendUsers(db)
  await createGroups(db)
  await createLogins(db)
  await createFactors(db)
  await createTokens(db)
  await createInvitations(db)
  await createActivities(db)
}

async function createRoles(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants add column disabled_at timestamptz`.execute(db)
  // What a built-in role permits is in the code; its row only gives it an id.
  await sql`
    create table roles (
      id uuid primary key,
      tenant_id uuid not null references tenants (id) on delete cascade,
      name text not null,
      built_in text check (built_in in ('admin', 'user')),
      permissions text[] not null default '{}',
      created_at timestamptz not null default clock_timestamp(),
      unique (tenant_id, id),
      check (built_in is null or permissions = '{}')
    )`.execute(db)
  await sql`create unique index roles_one_name on roles (tenant_id, lower(name))`.execute(db)
  await sql`create unique index roles_one_built_in on roles (tenant_id, built_in) where built_in is not null`.execute(
    db,
  )
  await sql`
    insert into roles (id, tenant_id, name, built_in)
    select gen_random_uuid(), tenants.id, kind, kind from tenants, unnest(array['admin', 'user']) as kind`.execute(db)
}

async function extendUsers(db: Kysely<unknown>): Promise<void> {
  // `registered_at` is null for a user nobody has signed up as: the built-in owner of a new installation.
  await sql`
    alter table users
      add column email text check (email = lower(email)),
      add column password_hash text,
      add column role_id uuid,
      add column owner boolean not null default false,
      add column language text not null default 'en',
      add column theme text not null default 'system',
      add column totp_secret bytea,
      add column totp_enabled_at timestamptz,
      add column totp_last_step bigint,
      add column max_unfinished_runs int check (max_unfinished_runs > 0),
      add column requests_per_minute int check (requests_per_minute > 0),
      add column registered_at timestamptz,
      add column disabled_at timestamptz,
      add column last_seen_at timestamptz,
      add column activities_cleared_at timestamptz`.execute(db)
  await sql`
    update users set role_id = roles.id, owner = true from roles
    where roles.tenant_id = users.tenant_id and roles.built_in = 'admin'`.execute(db)
  await sql`
    alter table users
      alter column role_id set not null,
      add constraint users_role_of_tenant foreign key (tenant_id, role_id) references roles (tenant_id, id),
      add constraint users_totp_whole check (totp_enabled_at is null or totp_secret is not null)`.execute(db)
  await sql`create unique index users_one_email on users (email) where email is not null`.execute(db)
  await sql`create index users_newest on users (tenant_id, created_at desc, id desc)`.execute(db)
  await sql`create index users_by_role on users (tenant_id, role_id)`.execute(db)
}

async function createGroups(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table user_groups (
      id uuid primary key,
      tenant_id uuid not null references tenants (id) on delete cascade,
      name text not null,
      role_id uuid not null,
      created_at timestamptz not null default clock_timestamp(),
      unique (tenant_id, id),
      foreign key (tenant_id, role_id) references roles (tenant_id, id)
    )`.execute(db)
  await sql`create unique index user_groups_one_name on user_groups (tenant_id, lower(name))`.execute(db)
  await sql`create index user_groups_by_role on user_groups (tenant_id, role_id)`.execute(db)
  await sql`
    create table group_members (
      tenant_id uuid not null,
      group_id uuid not null,
      user_id uuid not null,
      created_at timestamptz not null default clock_timestamp(),
      primary key (group_id, user_id),
      foreign key (tenant_id, group_id) references user_groups (tenant_id, id) on delete cascade,
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
    )`.execute(db)
  await sql`create index group_members_by_user on group_members (tenant_id, user_id)`.execute(db)
}

async function createLogins(db: Kysely<unknown>): Promise<void> {
  // A login is a family of refresh tokens: one place where somebody is signed in.
  await sql`
    create table logins (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      method text not null check (method in ('password', 'oidc', 'register', 'reset')),
      address text not null,
      agent text not null,
      created_at timestamptz not null default clock_timestamp(),
      last_used_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz not null,
      ended_at timestamptz,
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
      unique (id, tenant_id, user_id)
    )`.execute(db)
  await sql`create index logins_by_user on logins (tenant_id, user_id, created_at desc) where ended_at is null`.execute(
    db,
  )
  await sql`create index logins_by_end on logins (expires_at)`.execute(db)
  await sql`
    create table refresh_tokens (
      hash bytea primary key check (octet_length(hash) = 32),
      login_id uuid not null references logins (id) on delete cascade,
      created_at timestamptz not null default clock_timestamp(),
      used_at timestamptz
    )`.execute(db)
  await sql`create index refresh_tokens_by_login on refresh_tokens (login_id)`.execute(db)
  await sql`
    create table signing_keys (
      kid text primary key,
      public_jwk jsonb not null,
      sealed_private_key bytea not null,
      created_at timestamptz not null default clock_timestamp(),
      signs_until timestamptz not null,
      verifies_until timestamptz not null check (verifies_until > signs_until)
    )`.execute(db)
}

async function createFactors(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table totp_enrolments (
      user_id uuid primary key references users (id) on delete cascade,
      tenant_id uuid not null,
      sealed_secret bytea not null,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`
    create table backup_codes (
      user_id uuid not null references users (id) on delete cascade,
      tenant_id uuid not null,
      hash bytea not null check (octet_length(hash) = 32),
      used_at timestamptz,
      primary key (user_id, hash)
    )`.execute(db)
  await sql`
    create table password_resets (
      hash bytea primary key check (octet_length(hash) = 32),
      tenant_id uuid not null,
      user_id uuid not null,
      created_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz not null,
      used_at timestamptz,
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
    )`.execute(db)
  await sql`create index password_resets_by_user on password_resets (tenant_id, user_id)`.execute(db)
  await sql`
    create table oidc_identities (
      issuer text not null,
      subject text not null,
      tenant_id uuid not null,
      user_id uuid not null,
      created_at timestamptz not null default clock_timestamp(),
      primary key (issuer, subject),
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
    )`.execute(db)
  await sql`create unique index oidc_identities_one_per_issuer on oidc_identities (tenant_id, user_id, issuer)`.execute(
    db,
  )
}

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_tokens (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      name text not null,
      hash bytea not null unique check (octet_length(hash) = 32),
      prefix text not null,
      scopes text[] not null check (cardinality(scopes) > 0),
      allowed_addresses text[] not null default '{}',
      expires_at timestamptz,
      last_used_at timestamptz,
      last_used_address text,
      created_at timestamptz not null default clock_timestamp(),
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
    )`.execute(db)
  await sql`create index api_tokens_newest on api_tokens (tenant_id, user_id, created_at desc, id desc)`.execute(db)
}

async function createInvitations(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invitations (
      id uuid primary key,
      tenant_id uuid not null references tenants (id) on delete cascade,
      hash bytea not null unique check (octet_length(hash) = 32),
      email text,
      role_id uuid not null,
      invited_by uuid references users (id) on delete set null,
      created_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz not null,
      accepted_at timestamptz,
      accepted_by uuid references users (id) on delete set null,
      revoked_at timestamptz,
      foreign key (tenant_id, role_id) references roles (tenant_id, id),
      check (accepted_at is null or revoked_at is null)
    )`.execute(db)
  await sql`create index invitations_newest on invitations (tenant_id, created_at desc, id desc)`.execute(db)
}

async function createActivities(db: Kysely<unknown>): Promise<void> {
  // Written with what it records, sealed into its tenant's hash chain within seconds by one process: a chain in the writing
  // transaction would let one question of a tenant commit at a time. Partitions by month, so that retention is a drop.
  await sql`
    create table activities (
      id uuid not null,
      tenant_id uuid not null,
      actor_id uuid,
      action text not null,
      target_type text not null,
      target_id text,
      address text not null,
      agent text not null,
      request_id text not null,
      before jsonb,
      after jsonb,
      created_at timestamptz not null default clock_timestamp(),
      chain_seq bigint,
      hash bytea,
      primary key (id, created_at),
      check ((chain_seq is null) = (hash is null))
    ) partition by range (created_at)`.execute(db)
  await sql`create table activities_default partition of activities default`.execute(db)
  await sql`create index activities_newest on activities (tenant_id, created_at desc, id desc)`.execute(db)
  await sql`create index activities_of_actor on activities (tenant_id, actor_id, created_at desc, id desc)`.execute(db)
  await sql`create index activities_chain on activities (tenant_id, chain_seq)`.execute(db)
  await sql`create index activities_unsealed on activities (tenant_id, created_at, id) where hash is null`.execute(db)
  // The newest link of each tenant's chain, and the link before the oldest entry that retention has left; `mac` is over both, so that
  // neither end can be moved without the key.
  await sql`
    create table audit_chains (
      tenant_id uuid primary key,
      head_seq bigint not null default 0,
      head_hash bytea not null,
      tail_seq bigint not null default 0,
      tail_hash bytea not null,
      mac bytea not null
    )`.execute(db)
}
