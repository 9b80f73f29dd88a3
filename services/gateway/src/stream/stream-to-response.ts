import { AppError, type Scope } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import type { SseResponse } from './sse-response.ts'
import type { StreamDeps, StreamOptions } from './stream-options.ts'
import { streamSession } from './stream-session.ts'

/** Streams a session into a response whose headers are sent. */
export async function streamToResponse(
  deps: StreamDeps,
  scope: Scope,
  sse: SseResponse,
  options: StreamOptions,
): Promise<void> {
  const facts = { sessionId: options.sessionId, userId: options.holder.userId }
  await endQuietly(deps, sse, facts, () => streamSession(deps, scope, sse, options))
}

/**
 * Runs what writes into a response whose headers are sent. What fails from here on ends the stream, for there is no status left to tell it with: the
 * client comes back with its last event id.
 */
export async function endQuietly(
  { logger }: { logger: Logger },
  sse: SseResponse,
  facts: Record<string, string>,
  stream: () => Promise<void>,
): Promise<void> {
  try {
    await stream()
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated')
      logger.info(facts, 'a stream was ended: its holder may not follow it any more')
    else logger.warn({ err: error, ...facts }, 'a stream was ended')
    sse.end()
  }
}
