import { type Kysely, sql } from 'kysely'

/** Replies to requests with an `Idempotency-Key`, for the same request when it comes again; sealed, because some hold what is shown once. What is told of a session goes with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = async (statement: string): Promise<unknown> => await sql.raw(statement).execute(db)
  await run(`
    create table kept_replies (
      tenant_id uuid not null,
      user_id uuid not null,
      key text not null,
      claim_id uuid not null,
      request bytea not null,
      status int,
      body bytea,
      session_id uuid references sessions (id) on delete cascade,
      claimed_at timestamptz not null default clock_timestamp(),
      primary key (tenant_id, user_id, key),
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
      check ((status is null) = (body is null))
    )`)
  await run('create index kept_replies_claimed on kept_replies (claimed_at)')
  await run('create index kept_replies_by_session on kept_replies (session_id) where session_id is not null')
  const setting = (name: string): string => `nullif(current_setting('askwire.${name}', true), '')`
  const own = `tenant_id = (select ${setting('tenant_id')}::uuid) and user_id = (select ${setting('user_id')}::uuid)`
  await run('grant select, insert, update, delete on kept_replies to askwire_app')
  await run('alter table kept_replies enable row level security')
  await run(`create policy kept_replies_reach on kept_replies to askwire_app using (${own}) with check (${own})`)
}
