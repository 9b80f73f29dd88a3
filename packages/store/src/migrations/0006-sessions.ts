import { type Kysely, sql } from 'kysely'

/**
 * What people need to find, order, branch, share, take away and erase their sessions: folders, tags, feedback, shares, members,
 * summaries, background jobs with their files, and full text search.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createFolders(db)
  await extendSessions(db)
  await extendMessages(db)
  await createSearch(db)
  await createSearchFunction(db)
  await createSharing(db)
  await createJobs(db)
  await protect(db)
}

async function createFolders(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants add column retention_days int check (retention_days between 1 and 36500)`.execute(db)
  await sql`
    create table folders (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      name text not null,
      created_at timestamptz not null default clock_timestamp(),
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
      unique (id, tenant_id, user_id)
    )`.execute(db)
  await sql`create unique index folders_one_name on folders (tenant_id, user_id, lower(name))`.execute(db)
}

async function extendSessions(db: Kysely<unknown>): Promise<void> {
  // `active_leaf_id` is set only while somebody has opened another branch than the newest; asking clears it. `import_key` makes an
  // import that is repeated find what it made before.
  await sql`
    alter table sessions
      add column folder_id uuid,
      add column title_source text check (title_source in ('auto', 'user')),
      add column pinned_at timestamptz,
      add column archived_at timestamptz,
      add column deleted_at timestamptz,
      add column temporary boolean not null default false,
      add column active_leaf_id uuid,
      add column draft text not null default '',
      add column draft_version int not null default 0,
      add column read_at timestamptz not null default clock_timestamp(),
      add column forked_session_id uuid,
      add column forked_message_id uuid,
      add column import_key text,
      add constraint sessions_folder_of_owner foreign key (folder_id, tenant_id, user_id)
        references folders (id, tenant_id, user_id) on delete set null (folder_id),
      add constraint sessions_leaf_of_session foreign key (id, active_leaf_id)
        references messages (session_id, id) on delete set null (active_leaf_id)`.execute(db)
  await sql`
    create table session_tags (
      tenant_id uuid not null,
      user_id uuid not null,
      session_id uuid not null,
      key text not null check (key = lower(key)),
      tag text not null,
      primary key (session_id, key),
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade
    )`.execute(db)
  const indexes = [
    `create index session_tags_by_key on session_tags (tenant_id, user_id, key)`,
    `create index sessions_by_folder on sessions (folder_id) where folder_id is not null`,
    // The list as it is asked for most. Other orders and filters go through all of one person's, which the next one is for; a person's
    // erasure needs it too.
    `create index sessions_updated on sessions (tenant_id, user_id, updated_at desc, id desc)
      where deleted_at is null and not temporary`,
    `create index sessions_created on sessions (tenant_id, user_id, created_at desc, id desc)`,
    `create index sessions_trash on sessions (deleted_at) where deleted_at is not null`,
    `create index sessions_temporary on sessions (updated_at) where temporary`,
    `create unique index sessions_one_import on sessions (tenant_id, user_id, import_key) where import_key is not null`,
  ]
  for (const index of indexes) await sql.raw(index).execute(db)
}

async function extendMessages(db: Kysely<unknown>): Promise<void> {
  // Deleting a message takes what hangs on it along; a run waits in the place that was chosen for it, or else in the order it came.
  await sql`
    alter table messages
      add column attachments uuid[] not null default '{}',
      add column author_id uuid references users (id) on delete set null,
      add column imported boolean not null default false,
      add column steps jsonb`.execute(db)
  await sql`
    alter table messages drop constraint messages_session_id_parent_id_fkey,
      add constraint messages_session_id_parent_id_fkey foreign key (session_id, parent_id)
        references messages (session_id, id) on delete cascade`.execute(db)
  await sql`create index messages_by_parent on messages (session_id, parent_id)`.execute(db)
  // Null is the session's owner: only what a colleague asked there names its author.
  await sql`create index messages_by_author on messages (author_id) where author_id is not null`.execute(db)
  await sql`alter table runs add column place bigint, add column kind text not null default 'ask' check (kind in ('ask', 'regenerate'))`.execute(
    db,
  )
  await sql`
    create table message_feedback (
      message_id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      session_id uuid not null,
      rating text not null check (rating in ('up', 'down')),
      reason text,
      comment text,
      created_at timestamptz not null default clock_timestamp(),
      foreign key (session_id, message_id) references messages (session_id, id) on delete cascade,
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade
    )`.execute(db)
  await sql`create index message_feedback_newest on message_feedback (tenant_id, user_id, created_at desc)`.execute(db)
  await sql`create index message_feedback_by_session on message_feedback (session_id)`.execute(db)
  // What stands for the older messages of a branch when they no longer fit the model: all up to and including `message_id`.
  await sql`
    create table message_summaries (
      message_id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      session_id uuid not null,
      run_id uuid,
      content text not null,
      model text not null,
      messages int not null check (messages > 0),
      created_at timestamptz not null default clock_timestamp(),
      foreign key (session_id, message_id) references messages (session_id, id) on delete cascade,
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade
    )`.execute(db)
  await sql`create index message_summaries_by_session on message_summaries (session_id)`.execute(db)
}

/** Chinese characters, in a regular expression. */
const HAN = String.raw`[\u3400-\u4dbf\u4e00-\u9fff]`
/** The same for one character; a text is taken apart by it in linear time. */
const IS_HAN = (one: string): string =>
  `(ascii(${one}) between ${0x3400} and ${0x4dbf} or ascii(${one}) between ${0x4e00} and ${0x9fff})`
/** What of a message is indexed. A tsvector holds 1 MiB: these stay below it whatever the text, for an answer must never fail to be stored. */
const INDEXED_CHARS = 100_000
const INDEXED_HAN = 40_000

async function createSearch(db: Kysely<unknown>): Promise<void> {
  // English by its stems; Chinese, which has no spaces, by overlapping pairs of characters, of which the last of a run stands alone. The
  // owner is a term of its own, so that one index search finds only what is theirs.
  await sql
    .raw(`
    create function askwire_pairs(content text) returns tsvector language sql immutable parallel safe as $$
      select coalesce(string_agg(pair || ':' || least(place, 16383), ' '), '')::tsvector
      from (
        select one || case when ${IS_HAN('lead(one) over every')} then lead(one) over every else '' end as pair,
          ${IS_HAN('one')} as chinese, at as place
        from unnest(string_to_array(content, null)) with ordinality as chars (one, at)
        window every as (order by at)
      ) as pairs
      where chinese
    $$`)
    .execute(db)
  await sql
    .raw(`
    create function askwire_text_vector(owner uuid, content text) returns tsvector language sql immutable parallel safe as $$
      select array_to_tsvector(array['u:' || owner::text]) ||
        case when content ~ '${HAN}'
          then to_tsvector('english'::regconfig, regexp_replace(left(content, ${INDEXED_CHARS}), '${HAN}+', ' ', 'g')) ||
            askwire_pairs(left(content, ${INDEXED_HAN}))
          else to_tsvector('english'::regconfig, left(content, ${INDEXED_CHARS})) end
    $$`)
    .execute(db)
  await sql`
    alter table messages add column search tsvector
      generated always as (askwire_text_vector(user_id, content)) stored`.execute(db)
  await sql`
    alter table sessions add column search tsvector
      generated always as (askwire_text_vector(user_id, coalesce(title, ''))) stored`.execute(db)
  await sql`create index messages_search on messages using gin (search)`.execute(db)
  // A session without a title, as every new one is, costs nothing here.
  await sql`create index sessions_search on sessions using gin (search) where title is not null`.execute(db)
}

/** No more of what matches is ranked: the newest. A word that is in everything must not cost more than that. */
const RANKED = 1000
/** The share of a score that age takes away, and the days in which half of it is gone. */
const BY_AGE = 0.5
const HALF_LIFE_DAYS = 90
/** A title says what a whole session is about. */
const TITLE_WEIGHT = 2

/**
 * The search, by its owner's conditions and not by the row policies: under a policy no index on words may be used, since what compares
 * them could tell of rows that are not one's own. Whose rows it finds is what the settings of the transaction say, and nothing else.
 * It is planned anew each time, for what it looks for; never by reading all messages, which would be everybody's.
 */
async function createSearchFunction(db: Kysely<unknown>): Promise<void> {
  const score = (rank: string, time: string): string =>
    `(1000000 * ${rank} * (${1 - BY_AGE} + ${BY_AGE} * 0.5 ^ (extract(epoch from $9 - ${time}) / ${HALF_LIFE_DAYS * 86_400})))::bigint`
  const filters = `s.tenant_id = $3 and s.user_id = $4 and s.deleted_at is null and not s.temporary
          and ($6 is null or exists (select from public.session_tags t where t.session_id = s.id and t.key = lower($6)))
          and ($7 is null or s.folder_id = $7) and ($8 is null or (s.archived_at is not null) = $8)`
  await sql
    .raw(`
    create function askwire_search(wanted tsquery, positive tsquery, of_role text, with_tag text, in_folder uuid,
      is_archived boolean, since timestamptz, until timestamptz, as_of_micros bigint, after_score bigint, after_id uuid, most int)
    returns table (kind text, id uuid, session_id uuid, session_title text, role text, content text, score bigint,
      at timestamptz, as_of text)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp set enable_seqscan = off set jit = off as $function$
    declare
      tenant uuid := ${setting('tenant_id')};
      owner uuid := ${setting('user_id')};
      moment timestamptz := coalesce(timestamptz 'epoch' + as_of_micros * interval '1 microsecond', clock_timestamp());
    begin
      if tenant is null or owner is null or numnode(positive) = 0 then return; end if;
      return query execute $query$
        with found as materialized (
          select m.id, m.created_at from public.messages m join public.sessions s on s.id = m.session_id
          where m.search @@ $1 and m.tenant_id = $3 and m.user_id = $4 and m.created_at <= $9
            and ($5 is null or m.role = $5) and ($10 is null or m.created_at >= $10) and ($11 is null or m.created_at < $11)
            and ${filters}
          order by m.created_at desc limit ${RANKED}
        ), scored as (
          select 'message' as kind, m.id, ${score('ts_rank_cd(m.search, $2, 1)', 'm.created_at')} as score
          from found join public.messages m on m.id = found.id
          union all
          (select 'title', s.id, ${score(`${TITLE_WEIGHT} * ts_rank_cd(s.search, $2, 1)`, 's.created_at')}
          from public.sessions s
          where s.search @@ $1 and s.title is not null and $5 is null and s.created_at <= $9
            and ($10 is null or s.created_at >= $10) and ($11 is null or s.created_at < $11) and ${filters}
          order by s.created_at desc limit ${RANKED})
        ), page as materialized (
          select * from scored where $12 is null or (scored.score, scored.id) < ($12, $13)
          order by scored.score desc, scored.id desc limit $14
        )
        select page.kind, page.id, s.id, s.title, m.role, coalesce(left(m.content, ${INDEXED_CHARS}), s.title), page.score,
          coalesce(m.created_at, s.created_at), (extract(epoch from $9) * 1000000)::bigint::text
        from page left join public.messages m on page.kind = 'message' and m.id = page.id
        join public.sessions s on s.id = coalesce(m.session_id, page.id)
        order by page.score desc, page.id desc
      $query$ using (('''u:' || owner || '''')::tsquery && wanted), positive, tenant, owner, of_role, with_tag, in_folder, is_archived,
        moment, since, until, after_score, after_id, most;
    end $function$`)
    .execute(db)
  await sql.raw('revoke execute on function askwire_search from public').execute(db)
  await sql.raw('grant execute on function askwire_search to askwire_app, current_user').execute(db)
}

async function createSharing(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table shares (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      session_id uuid not null,
      key_hash bytea not null unique check (octet_length(key_hash) = 32),
      password_hash text,
      snapshot jsonb not null,
      views int not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz,
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade
    )`.execute(db)
  await sql`create index shares_newest on shares (tenant_id, user_id, created_at desc, id desc)`.execute(db)
  await sql`create index shares_by_session on shares (session_id)`.execute(db)
  await sql`
    create table session_members (
      session_id uuid not null,
      tenant_id uuid not null,
      user_id uuid not null,
      member_id uuid not null,
      access text not null check (access in ('view', 'edit')),
      created_at timestamptz not null default clock_timestamp(),
      primary key (session_id, member_id),
      foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id) on delete cascade,
      foreign key (tenant_id, member_id) references users (tenant_id, id) on delete cascade,
      check (member_id <> user_id)
    )`.execute(db)
  await sql`create index session_members_by_member on session_members (tenant_id, member_id)`.execute(db)
}

async function createJobs(db: Kysely<unknown>): Promise<void> {
  // The row is the truth, as with runs; the queue only says that there is work. Files lie in the database in pieces, so that any
  // replica can write and read them and erasing a person is one place.
  await sql`
    create table jobs (
      id uuid primary key,
      seq bigint not null generated always as identity,
      tenant_id uuid not null,
      user_id uuid not null,
      kind text not null check (kind in ('export', 'import', 'erase', 'title')),
      status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
      input jsonb not null default '{}',
      state jsonb,
      report jsonb,
      error jsonb,
      done int not null default 0,
      total int,
      attempt int not null default 0,
      tries int not null default 0,
      worker_id text,
      lease_until timestamptz,
      published_at timestamptz,
      created_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      finished_at timestamptz,
      expires_at timestamptz,
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
      check ((finished_at is null) = (status in ('queued', 'running')))
    )`.execute(db)
  await sql`
    create table job_files (
      job_id uuid not null references jobs (id) on delete cascade,
      tenant_id uuid not null,
      user_id uuid not null,
      role text not null check (role in ('input', 'output')),
      seq int not null,
      data bytea not null,
      primary key (job_id, role, seq)
    )`.execute(db)
  const indexes = [
    `alter table job_files alter column data set storage external`,
    `create index jobs_newest on jobs (tenant_id, user_id, created_at desc, id desc)`,
    `create index jobs_unpublished on jobs (seq) where status = 'queued' and published_at is null`,
    `create index jobs_running on jobs (seq) where status = 'running'`,
    `create index jobs_expired on jobs (expires_at) where expires_at is not null`,
    // An erased person leaves a receipt without a name: what was removed, how much, and when.
    `create table erasure_receipts (
      id uuid primary key,
      tenant_id uuid not null,
      subject_hash bytea not null,
      kind text not null check (kind in ('account', 'session')),
      counts jsonb not null,
      created_at timestamptz not null default clock_timestamp()
    )`,
  ]
  for (const index of indexes) await sql.raw(index).execute(db)
}

/** Row policies as those of 0005: each row belongs to one user, and nothing of it is an administrator's business. */
const OF_USER = [
  'folders',
  'session_tags',
  'message_feedback',
  'message_summaries',
  'shares',
  'session_members',
  'jobs',
  'job_files',
]
const setting = (name: string): string => `nullif(current_setting('askwire.${name}', true), '')`

async function protect(db: Kysely<unknown>): Promise<void> {
  const run = async (statement: string): Promise<unknown> => await sql.raw(statement).execute(db)
  const tenant = `tenant_id = (select ${setting('tenant_id')}::uuid)`
  const own = `${tenant} and user_id = (select ${setting('user_id')}::uuid)`
  for (const table of OF_USER) {
    await run(`grant select, insert, update, delete on ${table} to askwire_app`)
    await run(`alter table ${table} enable row level security`)
    await run(`create policy ${table}_reach on ${table} to askwire_app using (${own}) with check (${own})`)
  }
  // Who was erased is nobody's any more: administrators read that it was done.
  const reach = `(select ${setting('reach')})`
  await run('grant select on erasure_receipts to askwire_app')
  await run('alter table erasure_receipts enable row level security')
  await run(`create policy erasure_receipts_seen on erasure_receipts for select to askwire_app
    using (${reach} = 'installation' or (${reach} = 'tenant' and ${tenant}))`)
}
