import { ApiError } from '../api/api-error.ts'

export type DraftKeeper = {
  /** The field has this text now; it is stored once it rests. */
  change(text: string): void
  /** Stores at once what is not stored yet. */
  flush(): void
}

/** Nobody wants every letter stored, and nobody misses the last seconds. */
const REST_MS = 1_000

/** Until what could not be stored is tried again by itself, as after a lost connection. */
const RETRY_MS = 5_000

/**
 * Keeps a session's draft with `store`, one request at a time, the last text last. What fails is tried again with the next change, and while
 * the server is away by itself.
 */
export function createDraftKeeper(
  store: (text: string) => Promise<unknown>,
  stored: string,
  restMs = REST_MS,
): DraftKeeper {
  let wanted = stored
  let known: string | undefined = stored
  let busy = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const send = async (): Promise<void> => {
    clearTimeout(timer)
    if (busy) return
    busy = true
    while (known !== wanted) {
      const text = wanted
      const failure = await store(text).then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      // Whether it came through is not known.
      known = failure ? undefined : text
      if (failure) {
        if (isAway(failure.error)) timer = setTimeout(() => void send(), RETRY_MS)
        break
      }
    }
    busy = false
  }
  return {
    change: (text) => {
      wanted = text
      clearTimeout(timer)
      timer = setTimeout(() => void send(), restMs)
    },
    flush: () => void send(),
  }
}

/** What the server refused it refuses again. */
const isAway = (error: unknown): boolean => !(error instanceof ApiError) || error.code === 'network'
