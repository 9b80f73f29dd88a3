import type { Delivery, HandlerResult } from '@askwire/broker'
import { EXCHANGES, isTerminal, newId, QUEUES } from '@askwire/contracts'
import { backoffMs, systemClock } from '@askwire/runtime'
import { findRun } from '@askwire/store'
import type { AttemptDeps } from './attempt-deps.ts'

/** When a message was parked first (seconds since 1970), and how often since. */
const PARKED_SINCE = 'x-askwire-parked-since'
const PARKED_TIMES = 'x-askwire-parked-times'
/** Soon at first, since the newer worker may be the next in line; then, up to `ASKWIRE_PARK_MS`, at a pace that costs nothing for hours. */
const FIRST_PARK_MS = 1000
/** No run lives longer than its deadline, which is a day at the most. */
const MAX_PARKED_SECONDS = 24 * 60 * 60
/** Rounds, of ten seconds at the most, in which the broker may refuse the copy: well within its time-out for one delivery. */
const MAX_REFUSED = 60

/**
 * A message of a newer version waits here a while and then goes to the end of the queue as a copy with the same id, for the newer
 * workers that a deploy brings. A copy and not a return: the broker counts returns and would call it dead after twenty. It ends when
 * its run has ended, and after a day among the dead letters. `gone`: the delivery is no longer this worker's.
 */
export async function parkQuestion(
  deps: AttemptDeps,
  delivery: Delivery,
  { runId, gone }: { runId: string | undefined; gone: AbortSignal },
): Promise<HandlerResult> {
  const now = Math.floor(deps.clock.now() / 1000)
  const since = Math.min(numberOf(delivery.headers[PARKED_SINCE]) ?? now, now)
  const times = (numberOf(delivery.headers[PARKED_TIMES]) ?? 0) + 1
  if (now - since > MAX_PARKED_SECONDS) return 'drop'
  deps.events.questionParked({ messageId: delivery.messageId, runId, times })
  const pace = { firstMs: FIRST_PARK_MS, maxMs: deps.config.ASKWIRE_PARK_MS }
  const over = AbortSignal.any([deps.stopping, gone])
  const headers = { ...plainHeaders(delivery), [PARKED_SINCE]: since, [PARKED_TIMES]: times }
  for (let round = 0; round < MAX_REFUSED; round++) {
    // Cut short when this worker stops, but the copy is still made: a return would be counted.
    await systemClock.sleep(backoffMs(times + round, pace), over).catch(() => {})
    if (gone.aborted) break
    if (await hasEnded(deps, runId)) return 'ack'
    if (await publishCopy(deps, delivery, headers)) return 'ack'
    if (over.aborted) break
  }
  return 'requeue'
}

async function hasEnded({ store, logger }: AttemptDeps, runId: string | undefined): Promise<boolean> {
  if (runId === undefined) return false
  try {
    const run = await findRun(store, runId)
    return run !== undefined && isTerminal(run.status)
  } catch (error) {
    logger.warn({ err: error, runId }, 'could not look up the run of a parked question')
    return false
  }
}

async function publishCopy(
  { broker, logger }: AttemptDeps,
  { messageId = newId(), body }: Delivery,
  headers: Record<string, string | number>,
): Promise<boolean> {
  try {
    await broker.publish({ exchange: EXCHANGES.questions, routingKey: QUEUES.questions, messageId, body, headers })
    return true
  } catch (error) {
    logger.warn({ err: error, messageId }, 'the broker did not take a parked question')
    return false
  }
}

/** The publisher's own headers; those with `x-` are the broker's, which sets them anew. */
function plainHeaders({ headers }: Delivery): Record<string, string | number> {
  const plain: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('x-') && (typeof value === 'string' || typeof value === 'number')) plain[name] = value
  }
  return plain
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
