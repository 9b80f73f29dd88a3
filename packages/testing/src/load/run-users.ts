import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionFollower } from './follow-session.ts'
import type { LoadClient } from './load-client.ts'
import type { Random } from './random.ts'

export type UsersOptions = {
  client: LoadClient
  random: Random
  users: number
  /** No question is begun after this; those under way are seen to their end. */
  durationMs: number
  /** Questions of one user at the most. */
  maxQuestions?: number
  tokens?: { from: number; to: number }
  /** Milliseconds between tokens. */
  intervalMs?: number
  cancelChance?: number
  /** Chance that a user cuts the own connection in the middle of an answer. */
  cutChance?: number
  /** How long a user waits for an answer's end. */
  patienceMs?: number
  /** Put before keys, so that several loads on one cluster do not share any. */
  prefix?: string
  signal?: AbortSignal
}

/** Lets virtual users ask, follow, cut and stop until the time is over. Resolves when the last answer has ended. */
export async function runUsers(options: UsersOptions): Promise<void> {
  const users = Array.from({ length: options.users }, (_, index) => `${options.prefix ?? ''}u${index + 1}`)
  await Promise.all(users.map(async (user) => await runUser(options, user, options.random.fork(user))))
}

async function runUser(options: UsersOptions, user: string, random: Random): Promise<void> {
  const over = performance.now() + options.durationMs
  const { from, to } = options.tokens ?? { from: 10, to: 60 }
  let sessionId: string | undefined
  let follower: SessionFollower | undefined
  for (let number = 1; number <= (options.maxQuestions ?? 10_000); number += 1) {
    if (performance.now() > over || options.signal?.aborted) break
    const key = `${user}-q${number}`
    const accepted = await options.client.ask({
      user,
      key,
      tokens: random.between(from, to),
      pace: `ttft=${random.between(0, 200)}&interval=${options.intervalMs ?? 20}`,
      sessionId,
      // Without a key what happened to a lost request is unknown: the recovered are found among these.
      idempotencyKey: random.chance(0.8) ? key : undefined,
    })
    if (!accepted) continue
    if (sessionId !== accepted.sessionId) {
      await follower?.close()
      sessionId = accepted.sessionId
      follower = options.client.follow({ user, sessionId })
    }
    await seeToItsEnd(options, random, accepted, follower!)
    // Now and then a new session: short and long histories both occur.
    if (random.chance(0.3)) sessionId = undefined
  }
  await follower?.close()
}

async function seeToItsEnd(
  { client, cancelChance = 0.1, cutChance = 0.1, patienceMs = 120_000 }: UsersOptions,
  random: Random,
  { runId, ask }: { runId: string; ask: LoadClient['asks'][number] },
  follower: SessionFollower,
): Promise<void> {
  const stop = random.chance(cancelChance) ? sleep(random.between(0, 1500)).then(() => client.cancel(runId)) : undefined
  const cut = random.chance(cutChance) ? sleep(random.between(50, 800)).then(() => follower.cut()) : undefined
  await follower.untilEnd(runId, patienceMs).catch(() => {
    ask.gaveUp = true
  })
  await Promise.all([stop, cut])
}
