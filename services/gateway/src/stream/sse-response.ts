import type { ServerResponse } from 'node:http'

/** A follower whose socket holds more than this is closed; it resumes by id. */
export const MAX_UNSENT_BYTES = 1_048_576
/** A follower whose socket takes nothing for this long is closed. */
export const MAX_UNSENT_MS = 30_000
/** The client waits this long before it reconnects. */
const RETRY_MS = 1000

/** Without a reason of its own, each abort makes an error with a stack that no one reads. */
const CLOSED = new Error('the stream is closed')

/** In lower case, as Fastify has its own: a header must not be there twice. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

/** One open event stream. Writes after its end do nothing. */
export type SseResponse = {
  /** False when the stream is over, also because the reader was too slow. */
  write(text: string): boolean
  /** Resolves when the socket has taken what was written, or the stream is over. */
  drained(): Promise<void>
  /** Closes a reader that has taken nothing for too long. Called now and then. */
  closeIfStuck(now: number): void
  end(): void
  readonly closed: AbortSignal
}

/** Starts an event stream on a response: headers and the `retry:` line. */
export function openSse(
  response: ServerResponse,
  headers: Record<string, number | string | string[] | undefined>,
): SseResponse {
  const closed = new AbortController()
  let stuckSince: number | undefined
  response.writeHead(200, { ...headers, ...HEADERS })
  response.socket?.setNoDelay(true)
  response.on('close', () => closed.abort(CLOSED))
  response.on('error', () => closed.abort(CLOSED))
  const destroy = (): void => {
    closed.abort(CLOSED)
    response.destroy()
  }
  const sse: SseResponse = {
    closed: closed.signal,
    write: (text) => {
      if (closed.signal.aborted) return false
      response.write(text)
      if (response.writableLength > MAX_UNSENT_BYTES) destroy()
      return !closed.signal.aborted
    },
    drained: async () => {
      if (!response.writableNeedDrain || closed.signal.aborted) return
      await new Promise<void>((resolve) => {
        const done = (): void => {
          response.off('drain', done)
          closed.signal.removeEventListener('abort', done)
          resolve()
        }
        response.once('drain', done)
        closed.signal.addEventListener('abort', done, { once: true })
      })
    },
    closeIfStuck: (now) => {
      if (!response.writableNeedDrain) stuckSince = undefined
      else if (stuckSince === undefined) stuckSince = now
      else if (now - stuckSince > MAX_UNSENT_MS) destroy()
    },
    end: () => {
      if (closed.signal.aborted) return
      response.end()
      closed.abort(CLOSED)
    },
  }
  sse.write(`retry: ${RETRY_MS}\n\n`)
  return sse
}
