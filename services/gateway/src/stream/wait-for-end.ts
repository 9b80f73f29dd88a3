import type { ServerResponse } from 'node:http'
import type { Sink } from './stream-options.ts'

/**
 * Runs `stream` with a sink that keeps nothing, until the stream ends itself (true) or the time is up or the client has gone
 * (false).
 */
export async function collectUntilEnd(
  timeoutMs: number,
  response: ServerResponse,
  stream: (sink: Sink) => Promise<void>,
): Promise<boolean> {
  const controller = new AbortController()
  let ended = false
  const giveUp = (): void => controller.abort()
  const timer = setTimeout(giveUp, timeoutMs)
  response.on('close', giveUp)
  const sink: Sink = {
    closed: controller.signal,
    write: () => !controller.signal.aborted,
    drained: async () => {},
    closeIfStuck: () => {},
    end: () => {
      ended = true
      controller.abort()
    },
  }
  try {
    await stream(sink)
  } finally {
    clearTimeout(timer)
    response.off('close', giveUp)
  }
  return ended
}
