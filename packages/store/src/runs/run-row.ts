import { AppError, type Scope } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { RunsTable } from '../database.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** A run as it is stored. */
export type RunRow = Selectable<RunsTable>

const COLUMNS = {
  id: 'id',
  seq: 'seq',
  tenantId: 'tenant_id',
  userId: 'user_id',
  sessionId: 'session_id',
  questionId: 'question_id',
  answerId: 'answer_id',
  ordinal: 'ordinal',
  status: 'status',
  attempt: 'attempt',
  tries: 'tries',
  workerId: 'worker_id',
  leaseUntil: 'lease_until',
  deadlineAt: 'deadline_at',
  model: 'model',
  collectionIds: 'collection_ids',
  parentGiven: 'parent_given',
  idempotencyKey: 'idempotency_key',
  requestHash: 'request_hash',
  queuedAt: 'queued_at',
  publishedAt: 'published_at',
  cancelRequestedAt: 'cancel_requested_at',
  error: 'error',
  usage: 'usage',
  createdAt: 'created_at',
  startedAt: 'started_at',
  claimedAt: 'claimed_at',
  firstTokenAt: 'first_token_at',
  finishedAt: 'finished_at',
  loggedAt: 'logged_at',
  place: 'place',
  kind: 'kind',
} as const satisfies Record<keyof RunRow, string>

/** The columns of a `RunRow` for statements written by hand, from `table`. Named, because a kept plan does not survive a changed `*`. */
export function runColumns(table: string): string {
  return Object.entries(COLUMNS)
    .map(([name, column]) => `${table}.${column} as "${name}"`)
    .join(', ')
}

/** The caller's own run; throws `not_found` for any other. */
export async function getRun(store: Store, scope: Scope, runId: string): Promise<RunRow> {
  const row = await asScope(store, scope)
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', runId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .executeTakeFirst()
  if (!row) throw runNotFound()
  return row
}

/** Any run by its id, or undefined. For workers and the reconciler: it takes an id, not a scope. */
export async function findRun(store: { db: Queryable }, runId: string): Promise<RunRow | undefined> {
  return await store.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst()
}

export function runNotFound(): AppError {
  return new AppError('not_found', 'There is no such run.')
}
