import { newId, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { JobsTable } from '../session-tables.ts'
import { clockPlus, json } from '../sql.ts'
import type { Queryable } from '../store.ts'
import type { JobRow } from './job-row.ts'

/** How long a job is listed after it was made, unless its end says otherwise. */
export const JOB_LIFE_MS = 30 * 24 * 60 * 60 * 1000

/**
 * Makes a job, in the caller's transaction; to be published once that is committed. `uploading` holds it back until `sealUpload`.
 */
export async function createJob(
  db: Queryable,
  scope: Scope,
  job: { kind: JobsTable['kind']; input?: Record<string, unknown>; uploading?: boolean },
): Promise<JobRow> {
  const { tenantId, userId } = scope
  return await db
    .insertInto('jobs')
    .values({
      id: newId(),
      tenantId,
      userId,
      kind: job.kind,
      input: json({ ...job.input, ...(job.uploading && { uploading: true }) }),
      expiresAt: clockPlus(JOB_LIFE_MS),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The file of a job is whole: from now on a worker may have it. Undefined when the job has gone or ended meanwhile. */
export async function sealUpload(
  db: Queryable,
  scope: Scope,
  jobId: string,
  facts: { bytes: number; pieces: number; mediaType: string },
): Promise<JobRow | undefined> {
  return await db
    .updateTable('jobs')
    .set({ input: sql`(input - 'uploading') || ${json(facts)}` })
    .where('id', '=', jobId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('status', '=', 'queued')
    .returningAll()
    .executeTakeFirst()
}
