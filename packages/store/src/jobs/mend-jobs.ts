import { sql } from 'kysely'
import type { JobsTable } from '../session-tables.ts'
import { clock, nowMinus } from '../sql.ts'
import type { Store } from '../store.ts'
import { isUploading } from './claim-job.ts'

/** What has to be known of a job to publish it. */
export type UnpublishedJob = { id: string; kind: JobsTable['kind'] }

/** How long an upload may take before what there is of it is dropped. */
const UPLOAD_LIFE_MS = 60 * 60 * 1000

/** Queued jobs the broker has not confirmed, oldest first; those made within `olderThanMs` are being published by whoever made them. */
export async function listUnpublishedJobs(
  store: Store,
  { limit, olderThanMs = 0 }: { limit: number; olderThanMs?: number },
): Promise<UnpublishedJob[]> {
  return await store.db
    .selectFrom('jobs')
    .select(['id', 'kind'])
    .where('status', '=', 'queued')
    .where('publishedAt', 'is', null)
    .where('createdAt', '<=', nowMinus(olderThanMs))
    .where(sql<boolean>`not ${isUploading}`)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** Notes that the broker has confirmed a job. */
export async function markJobPublished(store: Store, jobId: string): Promise<void> {
  await store.db
    .updateTable('jobs')
    .set({ publishedAt: clock })
    .where('id', '=', jobId)
    .where('status', '=', 'queued')
    .where('publishedAt', 'is', null)
    .execute()
}

/** Puts jobs whose lease has ended back into the queue and the outbox; the try counts. */
export async function requeueLostJobs(store: Store): Promise<number> {
  const rows = await store.db
    .updateTable('jobs')
    .set({ status: 'queued', publishedAt: null, workerId: null, leaseUntil: null })
    .where('status', '=', 'running')
    .where('leaseUntil', '<', sql<Date>`now()`)
    .returning('id')
    .execute()
  return rows.length
}

/** Puts queued jobs of a kind back into the outbox whose message a broker has forgotten: published `olderThanMs` ago, and its queue is empty. */
export async function unpublishForgottenJobs(
  store: Store,
  { kind, olderThanMs }: { kind: JobsTable['kind']; olderThanMs: number },
): Promise<number> {
  const rows = await store.db
    .updateTable('jobs')
    .set({ publishedAt: null })
    .where('status', '=', 'queued')
    .where('kind', '=', kind)
    .where('publishedAt', '<', nowMinus(olderThanMs))
    .returning('id')
    .execute()
  return rows.length
}

/** For a process that is alone and whose queue was lost with it: every unfinished job goes back into the outbox, at no cost. */
export async function requeueAllJobs(store: Store): Promise<void> {
  await store.db
    .updateTable('jobs')
    .set({
      status: 'queued',
      tries: sql<number>`case when status = 'running' then greatest(tries - 1, 0) else tries end`,
      publishedAt: null,
      workerId: null,
      leaseUntil: null,
    })
    .where('finishedAt', 'is', null)
    .execute()
}

/** Removes jobs whose time is over, with their files, and uploads that nobody finished. An erasure that has not ended stays. */
export async function dropExpiredJobs(store: Store): Promise<number> {
  const rows = await store.db
    .deleteFrom('jobs')
    .where(
      sql<boolean>`(expires_at < now() and finished_at is not null) or
        (status = 'queued' and ${isUploading} and created_at < ${nowMinus(UPLOAD_LIFE_MS)})`,
    )
    .returning('id')
    .execute()
  return rows.length
}
