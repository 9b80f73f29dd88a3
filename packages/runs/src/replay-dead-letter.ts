import { AppError, type DeadLetterView, isTerminal, type Replayed } from '@askwire/contracts'
import { acceptQuestion, acceptRegeneration, getDeadLetter, markReplayed, type RunRow, readAsked } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { publishRun } from './publish-run.ts'

type ReplayDeps = Pick<RunDeps, 'store' | 'broker' | 'logger'>

/**
 * Gives the question of a dead letter another chance, once: however often it is called, it answers with the same run. Throws
 * `not_found`, `invalid_request` for a letter without a run (malformed, or its session is gone), and `broker_unavailable`.
 *
 *     the run has not ended          its message is published again; the run stays the same
 *     failed, expired                never reopened: the question is asked again at the same place, as a new run
 *     succeeded, cancelled           nothing is left to do; the run stays the same
 */
export async function replayDeadLetter(deps: ReplayDeps, letterId: string): Promise<Replayed> {
  const letter = await getDeadLetter(deps.store, letterId)
  if (letter.sessionId === null || letter.runId === null) throw notReplayable()
  const { sessionId } = letter
  if (letter.replayedAt !== null) return { runId: letter.replayRunId ?? letter.runId, sessionId }
  const runId = await standIn(deps, letter, letter.runId)
  const noted = await markReplayed(deps.store, { letterId, runId })
  return { runId: noted.runId ?? runId, sessionId }
}

async function standIn(deps: ReplayDeps, letter: DeadLetterView, runId: string): Promise<string> {
  const { run, scope, question } = await readAsked(deps.store, runId)
  if (!isTerminal(run.status)) {
    // Waiting, it will be published in its turn; running, a worker has it.
    if (run.status === 'queued') await publish(deps, run)
    return run.id
  }
  if (run.status === 'succeeded' || run.status === 'cancelled') return run.id
  // No client can send a key with a space. It makes two replays at once, or one after a death in between, the same run.
  const how = { ...question, onBusy: 'enqueue', idempotencyKey: `dead letter ${letter.id}` } as const
  const { sessionId, questionId } = run
  const again =
    run.kind === 'regenerate'
      ? await acceptRegeneration(deps.store, scope, { ...how, sessionId, questionId })
      : await acceptQuestion(deps.store, scope, how)
  if (again.kind === 'busy') throw new Error('a question that may wait was refused')
  // Not published now, it is in the outbox.
  if (again.created && again.run.status === 'queued') await publishRun(deps, again.run)
  deps.logger.info({ letterId: letter.id, runId: again.run.id, failedRunId: run.id }, 'a dead letter is asked again')
  return again.run.id
}

async function publish(deps: ReplayDeps, run: RunRow): Promise<void> {
  if (await publishRun(deps, run)) return
  throw new AppError('broker_unavailable', 'The broker does not take the question at the moment.')
}

function notReplayable(): AppError {
  return new AppError('invalid_request', 'This dead letter names no run, so there is nothing to replay.')
}
