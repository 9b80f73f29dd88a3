import { AppError, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import type { JobTurn } from './claim-job.ts'
import { jobNotFound } from './job-row.ts'

/** Length of every piece of a file but its last. */
export const PIECE_BYTES = 256 * 1024

export type FileRole = 'input' | 'output'

/** Writes one piece of an upload; throws `conflict` when its job was stopped meanwhile. */
export async function writeUpload(
  store: Store,
  scope: Scope,
  piece: { jobId: string; seq: number; data: Buffer },
): Promise<void> {
  const { tenantId, userId } = scope
  const { rows } = await sql`
    insert into job_files (job_id, tenant_id, user_id, role, seq, data)
    select id, tenant_id, user_id, 'input', ${piece.seq}::int, ${piece.data}::bytea from jobs
    where id = ${piece.jobId} and tenant_id = ${tenantId} and user_id = ${userId} and status = 'queued'
    returning seq`.execute(asScope(store, scope))
  if (rows.length === 0) throw new AppError('conflict', 'The job was stopped.')
}

/** Writes one piece of what an attempt gives out, over what an earlier attempt wrote. Throws `stale_attempt`. For workers. */
export async function writeOutput(store: Store, turn: JobTurn, piece: { seq: number; data: Buffer }): Promise<void> {
  const { rows } = await sql`
    insert into job_files (job_id, tenant_id, user_id, role, seq, data)
    select id, tenant_id, user_id, 'output', ${piece.seq}::int, ${piece.data}::bytea from jobs
    where id = ${turn.id} and attempt = ${turn.attempt} and status = 'running'
    on conflict (job_id, role, seq) do update set data = excluded.data
    returning seq`.execute(store.db)
  if (rows.length === 0) throw new AppError('stale_attempt', 'The job has gone on without this attempt.')
}

/** Drops what an earlier attempt gave out, from a piece on. For workers. */
export async function dropOutput(store: Store, jobId: string, { fromSeq = 0 } = {}): Promise<void> {
  await store.db
    .deleteFrom('jobFiles')
    .where('jobId', '=', jobId)
    .where('role', '=', 'output')
    .where('seq', '>=', fromSeq)
    .execute()
}

/** Where a file of a job is read: by anyone who may see all of it (a worker), or as the caller's own. */
export type FileSource = { db: Queryable; jobId: string; role: FileRole }

/** One piece of a file, or undefined past its end. */
export async function readPiece({ db, jobId, role }: FileSource, seq: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('jobFiles')
    .select('data')
    .where('jobId', '=', jobId)
    .where('role', '=', role)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row?.data
}

/** The pieces of a file one after the other; one is in memory at a time. */
export async function* readPieces(source: FileSource): AsyncGenerator<Buffer, void> {
  for (let seq = 0; ; seq += 1) {
    const data = await readPiece(source, seq)
    if (!data) return
    yield data
  }
}

/** Length of the file a finished job gives out. Throws `not_found` when there is none. */
export async function outputBytes(store: Store, scope: Scope, jobId: string): Promise<number> {
  const { rows } = await sql<{ bytes: string | null }>`
    select sum(octet_length(data))::text as bytes from job_files
    where job_id = ${jobId} and role = 'output' and tenant_id = ${scope.tenantId} and user_id = ${scope.userId}`.execute(
    asScope(store, scope),
  )
  const bytes = rows[0]?.bytes
  if (bytes === null || bytes === undefined) throw jobNotFound()
  return Number(bytes)
}
