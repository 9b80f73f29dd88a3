import { type FollowStreamOptions, followStream } from './follow-stream.ts'
import { readStreamEvent, type StreamEvent } from './stream-event.ts'

export type FollowOptions = Omit<FollowStreamOptions, 'path' | 'onFrame'> & {
  sessionId: string
  onEvent(event: StreamEvent): void
}

/** Follows a session until `signal` aborts. Without `lastEventId` it is live, with the unfinished run replayed. Never rejects. */
export async function followSession({ sessionId, onEvent, ...options }: FollowOptions): Promise<void> {
  await followStream({
    ...options,
    path: `/api/sessions/${encodeURIComponent(sessionId)}/events`,
    onFrame: (frame) => {
      const event = readStreamEvent(frame)
      if (event) onEvent(event)
    },
  })
}
