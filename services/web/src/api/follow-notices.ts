import type { Notice } from '@askwire/contracts'
import { type FollowStreamOptions, followStream } from './follow-stream.ts'
import type { SseFrame } from './sse-parser.ts'

export type FollowNoticesOptions = Pick<
  FollowStreamOptions,
  'lastEventId' | 'onUnauthenticated' | 'signal' | 'baseUrl' | 'silenceMs' | 'retryMs'
> & {
  onNotice(notice: Notice): void
  /** Something may have been missed: what is on show is to be loaded again. */
  onGap(): void
  /** Told the place the stream has come to, so that a later one can go on there. */
  onPlace(id: string): void
}

/** Each name of the contract, which the compiler sees to. */
const KNOWN: Record<Notice['event'], true> = {
  'session.created': true,
  'session.updated': true,
  'session.deleted': true,
  'answer.finished': true,
  'job.progress': true,
  'draft.updated': true,
}
const isKnown = (event: string): event is Notice['event'] => Object.hasOwn(KNOWN, event)

/** Follows what changes in one's sessions and jobs until `signal` aborts, or the person may not any more. Never rejects. */
export async function followNotices(options: FollowNoticesOptions): Promise<void> {
  const { onNotice, onGap, onPlace, ...stream } = options
  await followStream({
    ...stream,
    path: '/api/notices',
    onOpen: (resumed) => {
      if (!resumed) onGap()
    },
    onReconnecting: () => {},
    onMissing: () => {},
    onRefused: () => {},
    onFrame: (frame) => {
      if (frame.id) onPlace(frame.id)
      if (frame.event === 'reset') onGap()
      const notice = readNotice(frame)
      if (notice) onNotice(notice)
    },
  })
}

function readNotice({ event, data }: SseFrame): Notice | undefined {
  if (!isKnown(event)) return undefined
  try {
    // The gateway sends what the contract's schema describes; the name in the frame is the one that counts.
    return { ...JSON.parse(data), event } as Notice
  } catch {
    return undefined
  }
}
