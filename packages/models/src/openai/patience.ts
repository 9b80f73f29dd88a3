import { AppError } from '@askwire/contracts'

export type ModelTimeouts = {
  /** From the request to the first delta, connecting included; each try has its own. */
  firstEventMs: number
  /** Between two chunks after that. */
  idleMs: number
  /** The whole answer, retries and pauses included. */
  totalMs: number
}

/** The clock of one try: its signal fires when the caller aborts or a time is over. */
export type Patience = {
  readonly signal: AbortSignal
  /** A chunk has come. */
  alive(): void
  /** From now on at most `ms` between chunks. */
  allow(ms: number): void
  /** The reason why `signal` fired: `cancelled` or `model_timeout`. */
  verdict(): AppError | undefined
  /** Ends the try: whatever is still open at the provider is closed. */
  end(): void
}

/** Without a reason of its own, each abort makes an error with a stack that no one reads. */
const ENDED = new Error('the try is over')

/** Starts the clock of a try that must be over at `deadline` (of `performance.now()`), when there is one. */
export function startPatience(caller: AbortSignal, firstEventMs: number, deadline?: number): Patience {
  const controller = new AbortController()
  let verdict: AppError | undefined
  const give = (error: AppError): void => {
    if (controller.signal.aborted) return
    verdict = error
    controller.abort(error)
  }
  const expire = (): void => give(new AppError('model_timeout', 'The model took too long.'))
  const cancel = (): void => give(new AppError('cancelled', 'The answer was stopped.'))
  let late: NodeJS.Immediate | undefined
  // After a stall of the machine the timer comes before what has arrived meanwhile: that is read first.
  const expireUnlessAlive = (): void => {
    late = setImmediate(expire)
  }
  let timer = setTimeout(expireUnlessAlive, firstEventMs)
  const total = deadline === undefined ? undefined : setTimeout(expire, Math.max(0, deadline - performance.now()))
  caller.addEventListener('abort', cancel, { once: true })
  if (caller.aborted) cancel()

  return {
    signal: controller.signal,
    alive() {
      clearImmediate(late)
      timer.refresh()
    },
    allow(ms) {
      clearImmediate(late)
      clearTimeout(timer)
      timer = setTimeout(expireUnlessAlive, ms)
    },
    verdict: () => verdict,
    end() {
      clearImmediate(late)
      clearTimeout(timer)
      clearTimeout(total)
      caller.removeEventListener('abort', cancel)
      controller.abort(ENDED)
    },
  }
}
