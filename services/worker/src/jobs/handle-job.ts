import type { Delivery, HandlerResult } from '@askwire/broker'
import { AppError, anyVersion, jobMessage, SCHEMA_VERSION } from '@askwire/contracts'
import { Unreadable } from '@askwire/portability'
import { systemClock } from '@askwire/runtime'
import { claimJob, finishJob, handBackJob, type JobEnd, type JobRow, renewJob } from '@askwire/store'
import type { AttemptDeps } from '../attempt-deps.ts'
import { isAway, whileUnavailable } from '../while-unavailable.ts'
import { HANDLERS } from './handlers.ts'
import type { JobContext } from './job-context.ts'
import { tellJob } from './tell-job.ts'

/** Before a job that failed unexpectedly, or is of a newer version, is offered again. */
const PAUSE_MS = 1000
const TELL_MS = 500

/**
 * What to do with one delivery of a job queue. The row decides, not the message: what has ended, is uploading or is held by a living worker is
 * acknowledged without work. Should that worker die, the reconciler finds its lease and publishes the job again.
 */
export async function handleJob(
  deps: AttemptDeps,
  delivery: Delivery,
  stopping: AbortSignal,
  gone: AbortSignal,
): Promise<HandlerResult> {
  const over = AbortSignal.any([stopping, gone])
  const message = readJob(delivery.body)
  if (message === 'malformed') {
    deps.events.deliveryRefused('malformed', { messageId: delivery.messageId })
    return 'drop'
  }
  if (message === 'newer') return await laterAgain(over)
  const { ASKWIRE_WORKER_ID: workerId, ASKWIRE_LEASE_MS: leaseMs } = deps.config
  try {
    const claim = await claimJob(deps.store, { jobId: message.jobId, workerId, leaseMs })
    if (claim.kind === 'exhausted') tellJob(deps, claim.job)
    return claim.kind === 'claimed' ? await attempt(deps, claim.job, over) : 'ack'
  } catch (error) {
    deps.logger.warn({ err: error, jobId: message.jobId }, 'a job waits')
    return await laterAgain(over)
  }
}

async function attempt(deps: AttemptDeps, job: JobRow, over: AbortSignal): Promise<HandlerResult> {
  const { id, attempt: number, kind } = job
  const turn = { id, attempt: number }
  const controller = new AbortController()
  const signal = AbortSignal.any([controller.signal, over])
  const startedAt = performance.now()
  const lease = setInterval(() => {
    renewJob(deps.store, turn, deps.config.ASKWIRE_LEASE_MS).then(
      (ours) => ours || controller.abort(new AppError('stale_attempt', 'The job has gone on without this attempt.')),
      (error: unknown) => deps.logger.warn({ err: error, jobId: id }, 'the lease of a job could not be renewed'),
    )
  }, deps.config.ASKWIRE_LEASE_MS / 3)
  const told = (outcome: string, error?: unknown): void =>
    deps.events.jobEnded({ jobId: id, kind, attempt: number }, outcome, performance.now() - startedAt, error)
  try {
    const { report, lifeMs } = await HANDLERS[kind](contextOf(deps, job, signal))
    await finish(deps, job, { status: 'succeeded', report, ...(lifeMs !== undefined && { lifeMs }) })
    told('succeeded')
    return 'ack'
  } catch (error) {
    if (controller.signal.aborted || isStale(error)) {
      told('fenced')
      return 'ack'
    }
    if (over.aborted) {
      await handBackJob(deps.store, turn, { costsTry: false })
      told('handed_back')
      return 'requeue'
    }
    if (error instanceof AppError && error.code === 'invalid_request') {
      const reason = error.cause instanceof Unreadable ? { reason: error.cause.reason } : {}
      await finish(deps, job, { status: 'failed', error: { code: error.code, message: error.message, ...reason } })
      told('failed')
      return 'ack'
    }
    told('retry', error)
    // While the database is away the lease runs out and the reconciler takes the job back.
    if (!isAway(error)) await handBackJob(deps.store, turn, { costsTry: true })
    return await laterAgain(over)
  } finally {
    clearInterval(lease)
  }
}

function contextOf(deps: AttemptDeps, job: JobRow, signal: AbortSignal): JobContext {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    deps,
    job,
    turn: { id: job.id, attempt: job.attempt },
    scope: { tenantId: job.tenantId, userId: job.userId },
    signal,
    tell: ({ done = job.done, total = job.total }) => {
      if (performance.now() - toldAt < TELL_MS) return
      toldAt = performance.now()
      tellJob(deps, { ...job, done, total })
    },
  }
}

async function finish(deps: AttemptDeps, job: JobRow, end: JobEnd): Promise<void> {
  const turn = { id: job.id, attempt: job.attempt }
  const ended = await whileUnavailable(deps, 'finish a job', () => finishJob(deps.store, turn, end))
  if (ended) tellJob(deps, ended)
}

async function laterAgain(over: AbortSignal): Promise<HandlerResult> {
  await systemClock.sleep(PAUSE_MS, over).catch(() => {})
  return 'requeue'
}

const isStale = (error: unknown): boolean => error instanceof AppError && error.code === 'stale_attempt'

function readJob(body: Buffer): { jobId: string } | 'newer' | 'malformed' {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    const known = jobMessage.safeParse(parsed)
    if (known.success) return { jobId: known.data.jobId }
    const version = anyVersion.safeParse(parsed)
    return version.success && version.data.schemaVersion > SCHEMA_VERSION ? 'newer' : 'malformed'
  } catch {
    return 'malformed'
  }
}
