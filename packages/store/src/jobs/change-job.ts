import { AppError, type JobError, type JobReport, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { clock, clockPlus, json } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import type { JobTurn } from './claim-job.ts'
import { getJob, type JobRow } from './job-row.ts'

/** How far a job has come. `state` is what the next attempt goes on from. */
export type JobProgress = { done?: number; total?: number | null; state?: Record<string, unknown> }

/**
 * Notes how far an attempt has come, in the transaction that brought it there: `db` MUST be that transaction. What gets further than any
 * attempt before is not poison, so its tries begin anew. Throws `stale_attempt`, which undoes the transaction, when the job has gone on without this attempt.
 */
export async function noteProgress(db: Queryable, turn: JobTurn, progress: JobProgress): Promise<void> {
  const { done, total, state } = progress
  const row = await db
    .updateTable('jobs')
    .set({
      ...(done !== undefined && {
        tries: sql<number>`case when done < ${done}::int then 0 else tries end`,
        done: sql<number>`greatest(done, ${done}::int)`,
      }),
      ...(total !== undefined && { total }),
      ...(state !== undefined && { state: json(state) }),
    })
    .where('id', '=', turn.id)
    .where('attempt', '=', turn.attempt)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new AppError('stale_attempt', 'The job has gone on without this attempt.')
}

export type JobEnd =
  | { status: 'succeeded'; report: JobReport; lifeMs?: number }
  | { status: 'failed'; error: JobError; report?: JobReport }

/** Ends an attempt's job; what it took in is dropped. Undefined: it has gone on without this attempt, was cancelled or erased. */
export async function finishJob(store: Store, turn: JobTurn, end: JobEnd): Promise<JobRow | undefined> {
  const lifeMs = end.status === 'succeeded' ? end.lifeMs : undefined
  return await store.db.transaction().execute(async (trx) => {
    const job = await trx
      .updateTable('jobs')
      .set({
        status: end.status,
        finishedAt: clock,
        leaseUntil: null,
        state: null,
        report: end.report ? json(end.report) : null,
        error: end.status === 'failed' ? json(end.error) : null,
        ...(lifeMs !== undefined && { expiresAt: clockPlus(lifeMs) }),
      })
      .where('id', '=', turn.id)
      .where('attempt', '=', turn.attempt)
      .where('status', '=', 'running')
      .returningAll()
      .executeTakeFirst()
    if (job) await dropFiles(trx, job.id, end.status === 'succeeded' ? 'input' : undefined)
    return job
  })
}

/** Gives a running attempt back to the queue; with `costsTry: false` (a deploy, not a failure) its try is not counted. */
export async function handBackJob(store: Store, turn: JobTurn, { costsTry }: { costsTry: boolean }): Promise<boolean> {
  const row = await store.db
    .updateTable('jobs')
    .set({
      status: 'queued',
      tries: costsTry ? sql<number>`tries` : sql<number>`greatest(tries - 1, 0)`,
      publishedAt: null,
      workerId: null,
      leaseUntil: null,
    })
    .where('id', '=', turn.id)
    .where('attempt', '=', turn.attempt)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Stops the caller's own job, whatever it is at; an erasure goes on to its end. One that has ended stays as it is. Throws `not_found`, `conflict`. */
export async function cancelJob(store: Store, scope: Scope, jobId: string): Promise<JobRow> {
  const db = asScope(store, scope)
  const job = await cancelling(db, scope).where('id', '=', jobId).returningAll().executeTakeFirst()
  if (job) {
    await dropFiles(asScope(store, scope), jobId)
    return job
  }
  const found = await getJob(store, scope, jobId)
  if (found.finishedAt === null) throw new AppError('conflict', 'An erasure cannot be stopped.')
  return found
}

/** Stops all that is done for somebody who is to be erased, but erasures: what goes on would make anew what is removed. Their files are left to the erasure. */
export async function cancelJobsOf(db: Queryable, scope: Scope): Promise<void> {
  await cancelling(db, scope).execute()
}

/** Fences off whoever works on a job. */
const cancelling = (db: Queryable, { tenantId, userId }: Scope) =>
  db
    .updateTable('jobs')
    .set({ status: 'cancelled', finishedAt: clock, leaseUntil: null, attempt: sql<number>`attempt + 1` })
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .where('status', 'in', ['queued', 'running'])
    .where('kind', '<>', 'erase')

async function dropFiles(db: Queryable, jobId: string, role?: 'input' | 'output'): Promise<void> {
  await db
    .deleteFrom('jobFiles')
    .where('jobId', '=', jobId)
    .$if(role !== undefined, (query) => query.where('role', '=', role ?? 'input'))
    .execute()
}
