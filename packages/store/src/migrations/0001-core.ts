import { type Kysely, sql } from 'kysely'

/**
 * Tenants, users, sessions, messages, runs and leases. Rules that must hold are constraints: one active run per session, one
 * answer per run, one ordinal per run of a session, one run per idempotency key, an owner that is the session's owner.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tenants (
      id uuid primary key,
      name text not null,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await sql`
    create table users (
      id uuid primary key,
      tenant_id uuid not null references tenants (id) on delete cascade,
      name text not null,
      created_at timestamptz not null default clock_timestamp(),
      unique (tenant_id, id)
    )`.execute(db)
  await createSessions(db)
  await createMessages(db)
  await createRuns(db)
  await createRunIndexes(db)
  await sql`create table leases (name text primary key, holder text not null, until timestamptz not null)`.execute(db)
}

async function createSessions(db: Kysely<unknown>): Promise<void> {
  // Every accepted question updates its session's row; room on the page keeps those updates off the indexes (HOT).
  await sql`
    create table sessions (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      title text,
      last_ordinal int not null default 0 check (last_ordinal >= 0),
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
      unique (id, tenant_id, user_id)
    ) with (fillfactor = 80)`.execute(db)
}

async function createMessages(db: Kysely<unknown>): Promise<void> {
  // The parent's key includes the session, so a message can never hang below one of another session.
  await sql`
    create table messages (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      session_id uuid not null,
      parent_id uuid,
      run_id uuid,
      role text not null check (role in ('user', 'assistant')),
      content text not null,
      partial boolean not null default false,
      model text,
      resources jsonb not null default '[]' check (jsonb_typeof(resources) = 'array'),
      usage jsonb,
      finish_reason text,
      created_at timestamptz not null default clock_timestamp(),
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade,
      unique (session_id, id),
      foreign key (session_id, parent_id) references messages (session_id, id),
      check (parent_id <> id)
    )`.execute(db)
  await sql`create index messages_newest on messages (session_id, created_at desc, id desc)`.execute(db)
  await sql`create unique index messages_one_answer on messages (run_id) where role = 'assistant'`.execute(db)
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  // A run's row is written about six times in a few seconds and then rests: room for those versions on its page, and
  // an autovacuum that comes by often, keep the small partial indexes below small.
  await sql`
    create table runs (
      id uuid primary key,
      seq bigint not null generated always as identity,
      tenant_id uuid not null,
      user_id uuid not null,
      session_id uuid not null,
      question_id uuid not null references messages (id) on delete cascade,
      answer_id uuid references messages (id) on delete set null,
      ordinal int check (ordinal > 0),
      status text not null
        check (status in ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
      attempt int not null default 0 check (attempt >= 0),
      tries int not null default 0 check (tries >= 0 and tries <= attempt),
      worker_id text,
      lease_until timestamptz,
      deadline_at timestamptz not null,
      model text,
      collection_ids uuid[],
      parent_given boolean not null,
      idempotency_key text,
      request_hash text,
      queued_at timestamptz,
      published_at timestamptz,
      cancel_requested_at timestamptz,
      error jsonb,
      usage jsonb,
      created_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      claimed_at timestamptz,
      first_token_at timestamptz,
      finished_at timestamptz,
      logged_at timestamptz,
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade,
      constraint runs_one_ordinal unique (session_id, ordinal),
      constraint runs_waiting_has_no_ordinal check (status <> 'waiting' or ordinal is null),
      constraint runs_active_has_ordinal check (status not in ('queued', 'running') or ordinal is not null),
      constraint runs_queued_has_time check (status <> 'queued' or queued_at is not null),
      constraint runs_running_has_worker
        check (status <> 'running' or (worker_id is not null and lease_until is not null and attempt > 0)),
      constraint runs_ended_has_time check ((finished_at is null) = (status in ('waiting', 'queued', 'running'))),
      constraint runs_logged_has_ended check (logged_at is null or (finished_at is not null and ordinal is not null)),
      constraint runs_failed_has_error check (status <> 'failed' or error is not null)
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`.execute(db)
  // Question and run point at each other and are inserted together.
  await sql`
    alter table messages add foreign key (run_id) references runs (id) on delete set null
      deferrable initially deferred`.execute(db)
}

async function createRunIndexes(db: Kysely<unknown>): Promise<void> {
  // No index names lease_until: renewing a lease is the most frequent write and stays a HOT update.
  const indexes = [
    `create unique index runs_one_active on runs (session_id) where status in ('queued', 'running')`,
    `create unique index runs_one_per_key on runs (tenant_id, user_id, idempotency_key) where idempotency_key is not null`,
    // A session is busy while it has a row here.
    `create index runs_unsettled on runs (session_id, seq) where logged_at is null`,
    `create index runs_unpublished on runs (seq) where status = 'queued' and published_at is null`,
    `create index runs_queued on runs (seq) where status = 'queued'`,
    `create index runs_running on runs (seq) where status = 'running'`,
    `create index runs_by_deadline on runs (deadline_at) where finished_at is null`,
    `create index runs_unlogged on runs (finished_at) where finished_at is not null and logged_at is null`,
    `create index runs_unfinished_of_user on runs (tenant_id, user_id) where finished_at is null`,
    // Both for the foreign keys: deleting a message looks here.
    `create index runs_by_question on runs (question_id)`,
    `create index runs_by_answer on runs (answer_id) where answer_id is not null`,
  ]
  for (const index of indexes) await sql.raw(index).execute(db)
}
