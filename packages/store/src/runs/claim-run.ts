import type { RunError, Scope } from '@askwire/contracts'
import { isTerminal, statesBefore } from '@askwire/contracts'
import { sql } from 'kysely'
import { defineStatement } from '../define-statement.ts'
import type { Store } from '../store.ts'
import { forceEnd } from './force-end.ts'
import { findRun, type RunRow, runColumns } from './run-row.ts'

/** A run as its attempt gets it: the row, whose it is, what was asked and below which message, and the time left by the database's clock. */
export type ClaimedRun = RunRow & {
  ordinal: number
  scope: Scope
  question: string
  /** Documents the question is about. */
  attachments: string[]
  parentId: string | null
  remainingMs: number
}

export type ClaimResult =
  | { kind: 'claimed'; run: ClaimedRun }
  | { kind: 'ended'; run: RunRow }
  /** Another attempt holds it and its lease is valid. */
  | { kind: 'held' }
  /** This call has ended it as failed: its tries are used up. */
  | { kind: 'exhausted'; run: RunRow }
  /** This call has ended it as expired: its deadline has passed. */
  | { kind: 'overdue'; run: RunRow }
  | { kind: 'waiting' }
  | { kind: 'missing' }

export type Claim = { runId: string; workerId: string; leaseMs: number; redelivered: boolean; maxTries: number }

const EXHAUSTED: RunError = {
  code: 'attempts_exhausted',
  message: 'The question could not be answered in several attempts.',
  retryable: false,
}
const OVERDUE: RunError = {
  code: 'deadline_exceeded',
  message: 'The question was not answered before its deadline.',
  retryable: false,
}
/** Each round that finds the run changed means that someone else moved it forward; states only lead to the end. */
const MAX_ROUNDS = 5

/**
 * Makes the run this worker's: attempt + 1, a lease of `leaseMs`. A run that is running is taken only when the broker delivered it again
 * (whoever held it has lost the delivery) or its lease has passed. Takes an id, not a scope: for workers.
 */
export async function claimRun(store: Store, claim: Claim): Promise<ClaimResult> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const claimed = await tryClaim(store, claim)
    if (claimed) return { kind: 'claimed', run: claimed }
    const refused = await explainRefusal(store, claim)
    if (refused) return refused
  }
  return { kind: 'held' }
}

const claimStatement = defineStatement<
  RunRow & Pick<ClaimedRun, 'question' | 'attachments' | 'parentId' | 'remainingMs'>
>(
  'claim_run',
  `update runs set status = 'running', attempt = runs.attempt + 1, tries = runs.tries + 1, worker_id = $2,
    lease_until = clock_timestamp() + make_interval(secs => $3::float8), claimed_at = clock_timestamp(),
    started_at = coalesce(runs.started_at, clock_timestamp()),
    published_at = coalesce(runs.published_at, clock_timestamp()), first_token_at = null
  from messages as question
  where question.id = runs.question_id and runs.id = $1
    and runs.status in (${statesBefore('claim')
      .map((state) => `'${state}'`)
      .join(', ')})
    and (runs.status = 'queued' or runs.lease_until < now() or $4::boolean)
    and runs.tries < $5 and runs.deadline_at > now()
  returning ${runColumns('runs')}, question.content as question, question.attachments, question.parent_id as "parentId",
    (extract(epoch from runs.deadline_at - clock_timestamp()) * 1000)::float8 as "remainingMs"`,
)

async function tryClaim(store: Store, claim: Claim): Promise<ClaimedRun | undefined> {
  const { runId, workerId, leaseMs, redelivered, maxTries } = claim
  const [row] = await claimStatement(store.db, [runId, workerId, leaseMs / 1000, redelivered, maxTries])
  if (!row) return undefined
  // A check constraint: no active run is without an ordinal.
  if (row.ordinal === null) throw new Error(`run ${row.id} is running without an ordinal`)
  return { ...row, ordinal: row.ordinal, scope: { tenantId: row.tenantId, userId: row.userId } }
}

/** Why the claim did not match; undefined when the row changed meanwhile and the claim should be tried again. */
async function explainRefusal(store: Store, claim: Claim): Promise<ClaimResult | undefined> {
  const { rows } = await sql<{ held: boolean; overdue: boolean }>`
    select status = 'running' and lease_until >= now() and not ${claim.redelivered}::boolean as held,
      deadline_at <= now() as overdue
    from runs where id = ${claim.runId}`.execute(store.db)
  const run = rows[0] && (await findRun(store, claim.runId))
  if (!rows[0] || !run) return { kind: 'missing' }
  if (isTerminal(run.status)) return { kind: 'ended', run }
  if (run.status === 'waiting') return { kind: 'waiting' }
  if (rows[0].held) return { kind: 'held' }
  const from = { runId: run.id, fromAttempt: run.attempt }
  if (rows[0].overdue) {
    const ended = await forceEnd(store, { ...from, status: 'expired', error: OVERDUE })
    return ended ? { kind: 'overdue', run: ended } : undefined
  }
  if (run.tries >= claim.maxTries) {
    const ended = await forceEnd(store, { ...from, status: 'failed', error: EXHAUSTED })
    return ended ? { kind: 'exhausted', run: ended } : undefined
  }
  return undefined
}
