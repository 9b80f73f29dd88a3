import type { ServerResponse } from 'node:http'
import { SSE_HEADERS } from '@a2a-js/sdk'
import { KEEP_ALIVE_MS, STALLED_SOCKET_MS } from '../limits.ts'
import type { Subscription } from '../tasks/subscription.ts'
import type { StreamEncoder } from './stream-encoder.ts'

/**
 * Writes a task's events as they come, all of a turn at once. A full socket is waited for, so that the subscription gathers
 * meanwhile; one that takes nothing for 30 s, and a stream that fails, are cut: an end without a terminal state is how the
 * reader knows.
 */
export async function writeStream(
  response: ServerResponse,
  subscription: Subscription,
  encode: StreamEncoder,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, SSE_HEADERS)
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n')
  }, KEEP_ALIVE_MS)
  try {
    for (let items = await subscription.take(); items; items = await subscription.take()) {
      if (!response.write(encode(items)) && !(await drained(response, signal))) break
    }
    response.end()
  } catch {
    response.destroy()
  } finally {
    clearInterval(keepAlive)
    subscription.close()
  }
}

/** Resolves true when the socket takes more, false when it is closed or stalled; it is destroyed then. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  return await new Promise<boolean>((resolve) => {
    const finish = (ok: boolean): void => {
      clearTimeout(timer)
      response.off('drain', onDrain)
      signal.removeEventListener('abort', onAbort)
      if (!ok) response.destroy()
      resolve(ok)
    }
    const onDrain = (): void => finish(true)
    const onAbort = (): void => finish(false)
    const timer = setTimeout(onAbort, STALLED_SOCKET_MS)
    response.once('drain', onDrain)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
