import { type Kysely, sql } from 'kysely'

/**
 * Collections, documents, chunks and the inverted index. A chunk's and a posting's owner is its document's owner by
 * constraint, and both vanish with the document, vectors included.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists vector`.execute(db)
  await sql`
    create table collections (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      name text not null,
      created_at timestamptz not null default clock_timestamp(),
      foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
      unique (id, tenant_id, user_id),
      constraint collections_one_name unique (tenant_id, user_id, name)
    )`.execute(db)
  await createDocuments(db)
  await createChunks(db)
  await createChunkTerms(db)
}

async function createDocuments(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table documents (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      collection_id uuid not null,
      name text not null,
      source text not null,
      media_type text not null,
      bytes bigint not null check (bytes >= 0),
      content_hash text not null,
      indexed_as text not null,
      text text not null,
      chunk_count int not null default 0 check (chunk_count >= 0),
      term_count bigint not null default 0 check (term_count >= 0),
      visible boolean not null default false,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      foreign key (collection_id, tenant_id, user_id) references collections (id, tenant_id, user_id) on delete cascade,
      unique (id, collection_id, tenant_id, user_id)
    )`.execute(db)
  await sql`create unique index documents_one_source on documents (collection_id, source) where visible`.execute(db)
  await sql`create index documents_newest on documents (tenant_id, user_id, created_at desc, id desc)`.execute(db)
}

async function createChunks(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table chunks (
      id uuid primary key,
      ord bigint not null generated always as identity unique,
      tenant_id uuid not null,
      user_id uuid not null,
      document_id uuid not null,
      collection_id uuid not null,
      index int not null check (index >= 0),
      heading text,
      page int check (page > 0),
      start_offset int not null check (start_offset >= 0),
      end_offset int not null check (end_offset > start_offset),
      text text not null,
      length int not null check (length >= 0),
      embedding vector,
      embedder text,
      foreign key (document_id, collection_id, tenant_id, user_id)
        references documents (id, collection_id, tenant_id, user_id) on delete cascade,
      constraint chunks_one_index unique (document_id, index),
      check ((embedding is null) = (embedder is null))
    )`.execute(db)
  // Exact search reads every vector of an owner: in the row itself, not one more look-up away.
  await sql`alter table chunks alter column embedding set storage main`.execute(db)
  await sql`create index chunks_by_owner on chunks (tenant_id, user_id, collection_id)`.execute(db)
}

async function createChunkTerms(db: Kysely<unknown>): Promise<void> {
  // One row per term of a chunk, so by far the most rows of all. No primary key: both indexes have few distinct keys and
  // many rows each, which a B-tree stores in about 6 bytes a row, and a unique one in about 70. Chunks go by a number here:
  // summing up scores by it takes a quarter of the time that uuids take.
  await sql`
    create table chunk_terms (
      tenant_id uuid not null,
      user_id uuid not null,
      document_id uuid not null references documents (id) on delete cascade,
      chunk_ord bigint not null,
      length int not null,
      tf smallint not null check (tf > 0),
      term text not null
    )`.execute(db)
  await sql`create index chunk_terms_postings on chunk_terms (tenant_id, user_id, term)`.execute(db)
  await sql`create index chunk_terms_by_document on chunk_terms (document_id)`.execute(db)
}
