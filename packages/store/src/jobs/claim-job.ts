import type { JobError } from '@askwire/contracts'
import { sql } from 'kysely'
import { clock, clockPlus, json } from '../sql.ts'
import type { Store } from '../store.ts'
import type { JobRow } from './job-row.ts'

/** Attempts that a job may cost without coming further before it has failed. An erasure never fails so: what it was promised to remove would stay. */
export const MAX_JOB_TRIES = 3

export type JobClaim =
  | { kind: 'claimed'; job: JobRow }
  /** Ended, uploading, or held by a worker whose lease is valid: the row, not the message, says when there is work. */
  | { kind: 'left' }
  /** This call has ended it as failed: its tries are used up. */
  | { kind: 'exhausted'; job: JobRow }

const EXHAUSTED: JobError = { code: 'attempts_exhausted', message: 'The job could not be done in several attempts.' }

/** True for a job whose file is being sent. */
export const isUploading = sql<boolean>`coalesce((input->>'uploading')::boolean, false)`

/** Makes the job this worker's: attempt + 1 and a lease. Takes an id, not a scope: for workers. */
export async function claimJob(
  store: Store,
  claim: { jobId: string; workerId: string; leaseMs: number },
): Promise<JobClaim> {
  const free = sql<boolean>`(status = 'queued' or (status = 'running' and lease_until < now())) and not ${isUploading}`
  const mayTry = sql<boolean>`(tries < ${MAX_JOB_TRIES} or kind = 'erase')`
  const job = await store.db
    .updateTable('jobs')
    .set({
      status: 'running',
      attempt: sql<number>`attempt + 1`,
      tries: sql<number>`tries + 1`,
      workerId: claim.workerId,
      leaseUntil: clockPlus(claim.leaseMs),
      publishedAt: sql<Date>`coalesce(published_at, clock_timestamp())`,
      startedAt: sql<Date>`coalesce(started_at, clock_timestamp())`,
    })
    .where('id', '=', claim.jobId)
    .where(free)
    .where(mayTry)
    .returningAll()
    .executeTakeFirst()
  if (job) return { kind: 'claimed', job }
  const failed = await store.db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('jobs')
      .set({ status: 'failed', error: json(EXHAUSTED), state: null, finishedAt: clock, leaseUntil: null })
      .where('id', '=', claim.jobId)
      .where(free)
      .where(sql<boolean>`not ${mayTry}`)
      .returningAll()
      .executeTakeFirst()
    if (ended) await trx.deleteFrom('jobFiles').where('jobId', '=', ended.id).execute()
    return ended
  })
  return failed ? { kind: 'exhausted', job: failed } : { kind: 'left' }
}

/** Whose turn at a job it is; every write of an attempt carries it. */
export type JobTurn = { id: string; attempt: number }

/** Renews the lease of a running attempt. False: the job has gone on without it, was cancelled or erased. */
export async function renewJob(store: Store, turn: JobTurn, leaseMs: number): Promise<boolean> {
  const row = await store.db
    .updateTable('jobs')
    .set({ leaseUntil: clockPlus(leaseMs) })
    .where('id', '=', turn.id)
    .where('attempt', '=', turn.attempt)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
