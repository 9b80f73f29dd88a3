import { AppError, type Trace } from '@askwire/contracts'
import { type ClaimedRun, handBackRun } from '@askwire/store'
import { askAgent } from './ask-agent.ts'
import type { AttemptDeps } from './attempt-deps.ts'
import { type AttemptEnding, endingOf, endingOfError } from './attempt-ending.ts'
import { type AttemptProgress, startProgress } from './attempt-progress.ts'
import { createAttemptWriter } from './attempt-writer.ts'
import { concludeAttempt } from './conclude-attempt.ts'
import { whileUnavailable } from './while-unavailable.ts'

/**
 * One attempt at a run, from its claim to its end in the log.
 *
 *     started ──► streaming ──► ended: stored, then told, then marked; the session goes on
 *                    ├─ the agent was lost, tries are left ──► retry
 *                    ├─ this worker is stopping ──► handed back, at no cost
 *                    └─ another attempt has begun ──► fenced: nothing more is written
 */
export type AttemptOutcome = 'ended' | 'retry' | 'handed_back' | 'fenced'

/** Answers a claimed run; `trace` is of the request it was asked by. Throws only when the run's end could not be stored. */
export async function runAttempt(deps: AttemptDeps, run: ClaimedRun, trace?: Trace): Promise<AttemptOutcome> {
  const controller = new AbortController()
  const { signal } = controller
  const entry = { runId: run.id, attempt: run.attempt, controller }
  const deadline = setTimeout(() => controller.abort(overdue()), Math.max(0, run.remainingMs))
  const writer = createAttemptWriter(deps, run, (chars) => progress.text.slice(0, chars))
  writer.stale.addEventListener('abort', () => controller.abort(writer.stale.reason), { once: true })
  const progress = startProgress(run, writer)
  deps.active.add(entry)
  // Asked for while no worker had the run: it is taken only to be ended.
  if (run.cancelRequestedAt !== null) deps.active.cancel(run.id)
  deps.events.attemptStarted(run, trace)
  try {
    const ending = await follow(deps, progress, signal)
    const outcome = await carryOut(deps, progress, ending)
    const told = outcome !== 'ended' ? outcome : ending.kind === 'end' ? ending.status : 'failed'
    const code = ending.kind === 'end' ? ending.error?.code : undefined
    deps.events.attemptEnded(run, told, performance.now() - progress.startedAt, code)
    return outcome
  } finally {
    clearTimeout(deadline)
    deps.active.remove(entry)
  }
}

async function follow(deps: AttemptDeps, progress: AttemptProgress, signal: AbortSignal): Promise<AttemptEnding> {
  try {
    return endingOf(await askAgent(deps, progress, signal), signal.reason, progress)
  } catch (error) {
    const reason = signal.aborted ? signal.reason : error
    const { id: runId, sessionId } = progress.run
    if (!(reason instanceof AppError))
      deps.logger.error({ err: reason, runId, sessionId }, 'an attempt failed unexpectedly')
    else if (reason.cause !== undefined)
      deps.logger.warn({ err: reason.cause, code: reason.code, runId, sessionId }, 'an attempt failed')
    return endingOfError(reason, progress, deps.config.ASKWIRE_MAX_ATTEMPTS)
  }
}

async function carryOut(deps: AttemptDeps, progress: AttemptProgress, ending: AttemptEnding): Promise<AttemptOutcome> {
  switch (ending.kind) {
    case 'end':
      try {
        return await concludeAttempt(deps, progress, ending)
      } catch (error) {
        if (error instanceof AppError && error.code === 'stale_attempt') return 'fenced'
        throw error
      }
    case 'retry':
    case 'handed_back': {
      const { id: runId, attempt } = progress.run
      const back = { runId, attempt, costsTry: ending.kind === 'retry' && ending.costsTry }
      const ours = await whileUnavailable(deps, 'hand a run back', () => handBackRun(deps.store, back))
      return ours ? ending.kind : 'fenced'
    }
    case 'fenced':
      return 'fenced'
    default:
      return ending satisfies never
  }
}

const overdue = (): AppError => new AppError('deadline_exceeded', 'The question was not answered before its deadline.')
