import type { Delivery, HandlerResult } from '@askwire/broker'
import { type DeadLetterReason, type Death, isTerminal } from '@askwire/contracts'
import { closeRun } from '@askwire/runs'
import { backoffMs, systemClock } from '@askwire/runtime'
import { findRun, forceEnd, type RunRow, storeDeadLetter } from '@askwire/store'
import { z } from 'zod'
import type { AttemptDeps } from './attempt-deps.ts'
import { type ReadQuestion, readQuestion } from './read-question.ts'
import { isAway } from './while-unavailable.ts'

const BACKOFF = { firstMs: 500, maxMs: 10_000 }

const POISON = {
  code: 'poison_message',
  message: 'The question could not be handled by any worker.',
  retryable: false,
} as const

/**
 * What to do with one delivery of `question_dead_queue`: the run it names ends as failed, so that its followers are told, and the
 * letter is kept for the operators. It is acknowledged only after that; until then it is tried again here for as long as this
 * worker lives.
 */
export async function handleDeadLetter(
  deps: AttemptDeps,
  delivery: Delivery,
  { signal: gone }: { signal: AbortSignal },
): Promise<HandlerResult> {
  const over = AbortSignal.any([deps.stopping, gone])
  for (let attempt = 1; ; attempt++) {
    try {
      await keepLetter(deps, delivery)
      return 'ack'
    } catch (error) {
      const facts = { err: error, messageId: delivery.messageId, attempt }
      if (isAway(error)) deps.logger.warn(facts, 'the database is away: a dead letter waits for it')
      else deps.logger.error(facts, 'a dead letter could not be kept, trying again')
    }
    await systemClock.sleep(backoffMs(attempt, BACKOFF), over).catch(() => {})
    if (over.aborted) return 'requeue'
  }
}

async function keepLetter(deps: AttemptDeps, delivery: Delivery): Promise<void> {
  const message = readQuestion(delivery)
  const run = message.runId === undefined ? undefined : await findRun(deps.store, message.runId)
  const runFailed = run !== undefined && (await tryEndRun(deps, message, run))
  const deaths = readDeaths(delivery.headers)
  const reason = reasonOf(message, delivery)
  const { messageId, body } = delivery
  const { id: letterId, created } = await storeDeadLetter(deps.store, { reason, messageId, body, deaths, run })
  if (created) deps.events.deadLetterKept({ letterId, reason, runId: run?.id, runFailed })
}

/** What may be wrong with a run keeps no letter from being kept: the reconciler ends and tells what is left here. */
async function tryEndRun(deps: AttemptDeps, message: ReadQuestion, run: RunRow): Promise<boolean> {
  try {
    return await endRun(deps, message, run)
  } catch (error) {
    if (isAway(error)) throw error
    deps.logger.error(
      { err: error, runId: run.id, sessionId: run.sessionId },
      'the run of a dead letter could not be ended',
    )
    return false
  }
}

/**
 * Ends the run of a letter unless a worker is well and answering it: that one's end is the truth, and if it dies the reconciler
 * queues the run again. A newer version says nothing against its run either, which goes on until it is answered or overdue.
 */
async function endRun(deps: AttemptDeps, message: ReadQuestion, run: RunRow): Promise<boolean> {
  if (message.kind === 'newer') return false
  const ended = isTerminal(run.status)
    ? null
    : await forceEnd(deps.store, { runId: run.id, status: 'failed', error: POISON, unlessHeld: true })
  // An earlier delivery of this letter may have ended the run and died before it could tell.
  const untold = ended ?? (isTerminal(run.status) && run.loggedAt === null ? run : undefined)
  if (untold) await closeRun(deps, untold)
  return ended !== null
}

function reasonOf(message: ReadQuestion, { headers }: Delivery): DeadLetterReason {
  if (message.kind === 'malformed') return 'malformed'
  if (message.kind === 'newer') return 'newer_version'
  const reason = headers['x-first-death-reason']
  return reason === 'delivery_limit' || reason === 'rejected' ? reason : 'other'
}

const short = z.string().transform((text) => text.slice(0, 200))
const xDeath = z.object({
  queue: short,
  reason: short,
  count: z.coerce.number().int().nonnegative().catch(1),
  /** AMQP timestamps are seconds since 1970. */
  time: z.object({ value: z.number() }).optional().catch(undefined),
})

/** The broker's account of how a message died; of all its headers the only ones that are kept. */
function readDeaths(headers: Delivery['headers']): Death[] {
  const entries = Array.isArray(headers['x-death']) ? headers['x-death'] : []
  return entries.flatMap((entry) => {
    const { data } = xDeath.safeParse(entry)
    if (!data) return []
    const { queue, reason, count, time } = data
    return [{ queue, reason, count, at: time ? secondsToIso(time.value) : null }]
  })
}

function secondsToIso(seconds: number): string | null {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
