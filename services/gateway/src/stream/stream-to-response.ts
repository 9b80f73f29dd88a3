import { AppError, type Scope } from '@askwire/contracts'
import type { SseResponse } from './sse-response.ts'
import type { StreamDeps, StreamOptions } from './stream-options.ts'
import { streamSession } from './stream-session.ts'

/**
 * Streams a session into a response whose headers are sent. What fails from here on ends the stream, for there is no status left
 * to tell it with: the client comes back with its last event id.
 */
export async function streamToResponse(
  deps: StreamDeps,
  scope: Scope,
  sse: SseResponse,
  options: StreamOptions,
): Promise<void> {
  try {
    await streamSession(deps, scope, sse, options)
  } catch (error) {
    const { sessionId, holder } = options
    if (error instanceof AppError && error.code === 'unauthenticated')
      deps.logger.info(
        { sessionId, userId: holder.userId },
        'a stream was ended: its holder may not follow it any more',
      )
    else deps.logger.warn({ err: error, sessionId }, 'a stream was ended')
    sse.end()
  }
}
