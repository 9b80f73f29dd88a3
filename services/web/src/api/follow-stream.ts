import type { Renewal } from '../state/access-renewal.ts'
import { createSseParser, type SseFrame } from './sse-parser.ts'

export type Connection = 'connecting' | 'open' | 'reconnecting'

export type FollowStreamOptions = {
  path: string
  /** Where to go on; `undefined`: live. */
  lastEventId: string | undefined
  onFrame(frame: SseFrame): void
  /** `resumed` is false when the stream began without an id, so that something may have been missed. */
  onOpen(resumed: boolean): void
  onReconnecting(): void
  /** What is followed is not there (any more); the stream is over. */
  onMissing(): void
  /** The stream is refused for want of a login: renews it and says whether there still is one. */
  onUnauthenticated(): Promise<Renewal>
  /** The person may not (any more) follow it, or has no login left; the stream is over. */
  onRefused(): void
  signal: AbortSignal
  baseUrl?: string
  silenceMs?: number
  retryMs?: number
}

/** The gateway sends a comment every 15 s: a stream silent for three of them hangs on a dead connection. */
const SILENCE_MS = 45_000
const RETRY_MS = 1000
const MAX_RETRY_MS = 15_000

type Ending = 'retry' | 'rewind' | 'missing' | 'unauthenticated' | 'refused'

/**
 * Follows a stream of the gateway until `signal` aborts, over any number of connections; each goes on after the last event seen. It reads
 * the stream with `fetch`, because an `EventSource` gives up at the first status that is not 200 and cannot see a dead
 * connection. Never rejects.
 */
export async function followStream(options: FollowStreamOptions): Promise<void> {
  const { signal } = options
  const state = { lastEventId: options.lastEventId, retryMs: options.retryMs ?? RETRY_MS, failures: 0, renewed: false }
  while (!signal.aborted) {
    const ending = await readOnce(options, state).catch((): Ending => 'retry')
    if (signal.aborted) return
    if (ending === 'missing') return options.onMissing()
    if (ending === 'refused') return options.onRefused()
    if (ending === 'unauthenticated') {
      const renewal = await options.onUnauthenticated().catch(() => undefined)
      if (signal.aborted) return
      if (renewal === 'ended') return options.onRefused()
      // At once, but not again and again should the new access be refused too.
      if (renewal === 'fresh' && !state.renewed) {
        state.renewed = true
        continue
      }
    }
    // The id is not one of this stream's: begin anew, live.
    if (ending === 'rewind') state.lastEventId = undefined
    options.onReconnecting()
    await pause(Math.min(state.retryMs * 2 ** state.failures, MAX_RETRY_MS) * (0.75 + Math.random() / 2), signal)
    state.failures += 1
  }
}

type FollowState = { lastEventId: string | undefined; retryMs: number; failures: number; renewed: boolean }

async function readOnce(options: FollowStreamOptions, state: FollowState): Promise<Ending> {
  const dead = new AbortController()
  const silenceMs = options.silenceMs ?? SILENCE_MS
  let watch = setTimeout(() => dead.abort(), silenceMs)
  const heard = (): void => {
    clearTimeout(watch)
    watch = setTimeout(() => dead.abort(), silenceMs)
  }
  try {
    const response = await fetch(`${options.baseUrl ?? ''}${options.path}`, {
      headers: {
        Accept: 'text/event-stream',
        ...(state.lastEventId !== undefined && { 'Last-Event-ID': state.lastEventId }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([options.signal, dead.signal]),
    })
    if (response.status === 404) return 'missing'
    if (response.status === 401) return 'unauthenticated'
    if (response.status === 403) return 'refused'
    // Without an event id it is the path's own that is none.
    if (response.status === 400) return state.lastEventId === undefined ? 'missing' : 'rewind'
    if (response.status !== 200 || !response.body) return 'retry'
    state.renewed = false
    options.onOpen(state.lastEventId !== undefined)
    const parser = createSseParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return 'retry'
      heard()
      for (const frame of parser.push(value)) {
        state.failures = 0
        if (frame.id) state.lastEventId = frame.id
        if (!options.signal.aborted) options.onFrame(frame)
      }
      state.retryMs = parser.retryMs ?? state.retryMs
    }
  } finally {
    clearTimeout(watch)
  }
}

/** Waits, but no longer than until the browser says it is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      globalThis.removeEventListener?.('online', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
    globalThis.addEventListener?.('online', end, { once: true })
  })
}
