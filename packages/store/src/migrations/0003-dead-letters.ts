import { type Kysely, sql } from 'kysely'

/**
 * Questions that no worker could take, as they came. A letter whose run is known belongs to the run's owner and goes with the
 * session; `fingerprint` makes a letter that is delivered twice one row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table dead_letters (
      id uuid primary key,
      fingerprint text not null,
      tenant_id uuid,
      user_id uuid,
      session_id uuid,
      run_id uuid references runs (id) on delete set null,
      message_id text,
      reason text not null check (reason in ('malformed', 'newer_version', 'delivery_limit', 'rejected', 'other')),
      body bytea not null,
      body_bytes int not null check (body_bytes >= octet_length(body)),
      deaths jsonb not null default '[]' check (jsonb_typeof(deaths) = 'array'),
      received_at timestamptz not null default clock_timestamp(),
      replayed_at timestamptz,
      replay_run_id uuid references runs (id) on delete set null,
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade,
      constraint dead_letters_one_per_fingerprint unique (fingerprint),
      check ((tenant_id is null) = (user_id is null) and (tenant_id is null) = (session_id is null)),
      check (run_id is null or session_id is not null),
      check (replay_run_id is null or replayed_at is not null)
    )`.execute(db)
  const indexes = [
    `create index dead_letters_newest on dead_letters (received_at desc, id desc)`,
    // For the foreign keys: deleting a session or a run looks here.
    `create index dead_letters_by_session on dead_letters (session_id) where session_id is not null`,
    `create index dead_letters_by_run on dead_letters (run_id) where run_id is not null`,
    `create index dead_letters_by_replay on dead_letters (replay_run_id) where replay_run_id is not null`,
  ]
  for (const index of indexes) await sql.raw(index).execute(db)
}
