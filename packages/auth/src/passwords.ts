import { AppError } from '@askwire/contracts'
import { hash, verify } from '@node-rs/argon2'

/** Hashes and checks passwords, a few at a time. Both throw `overloaded` when too many wait. */
export type Passwords = {
  /** A PHC string (argon2id). */
  hash(password: string): Promise<string>
  /** False for a wrong password, and after the same work for `null`: nobody learns by the clock whether there is an account. */
  verify(password: string, hash: string | null): Promise<boolean>
}

/** OWASP's first choice for argon2id (the library's default variant): 19 MiB, two passes, one lane. About 30 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** More at once would take the thread pool (and the memory) from everything else. */
const AT_ONCE = 2
/** Some seconds of work. Whoever comes with more from many addresses keeps nobody waiting for minutes, and fills no memory. */
const MAX_WAITING = 100
const RETRY_MS = 2000

/** The password functions of one process: at most `atOnce` run, `maxWaiting` others wait in line. */
export function createPasswords(options: { atOnce?: number; maxWaiting?: number } = {}): Passwords {
  const inTurn = createTurns(options.atOnce ?? AT_ONCE, options.maxWaiting ?? MAX_WAITING)
  // Made once, of a password nobody has: what an unknown account is checked against.
  let nobody: Promise<string> | undefined
  return {
    hash: (password) => inTurn(() => hash(password, COST)),
    verify: async (password, stored) => {
      nobody ??= inTurn(() => hash('nobody has this password', COST)).catch((error: unknown) => {
        nobody = undefined
        throw error
      })
      const against = stored ?? (await nobody)
      const matches = await inTurn(async () => await verify(against, password).catch(() => false))
      return stored !== null && matches
    },
  }
}

function createTurns(atOnce: number, maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= atOnce && waiting.length >= maxWaiting)
      throw new AppError('overloaded', 'Too many are signing in. Try again.', { retryAfterMs: RETRY_MS })
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
