export type DraftKeeper = {
  /** The field has this text now; it is stored once it rests. */
  change(text: string): void
  /** Stores at once what is not stored yet. */
  flush(): void
}

/** Nobody wants every letter stored, and nobody misses the last seconds. */
const REST_MS = 1_000

/** Keeps a session's draft with `store`, one request at a time, the last text last. What fails is tried with the next change. */
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
      const failed = await store(text).then(
        () => false,
        () => true,
      )
      // Whether it came through is not known.
      known = failed ? undefined : text
      if (failed) break
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
