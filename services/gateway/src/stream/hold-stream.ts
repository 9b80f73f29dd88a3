import { AppError } from '@askwire/contracts'
import type { Followers, Holder } from './followers.ts'
import type { Sink } from './stream-options.ts'

/** Mean wait before those sent away come back, each at its own time, so that the other replicas are not stormed. */
const DRAIN_RETRY_MS = 1000

/**
 * Keeps a stream open until its sink closes: heartbeats, the ends of readers that are stuck, the drain and the loss of the holder's right are seen
 * to here, whatever is streamed. `open` begins it, `tick` is called once a second. A replica that is full ends it at once. Throws `unauthenticated`
 * when its holder may not follow it any more.
 */
export async function holdStream(
  { followers }: { followers: Followers },
  sink: Sink,
  stream: { holder: Holder; open(): Promise<void>; tick(now: number): void; close(): void },
): Promise<void> {
  let revoked = false
  const held = {
    holder: stream.holder,
    revoke: () => {
      revoked = true
      sink.end()
    },
    write: (text: string) => sink.write(text),
    drain: () => {
      sink.write(`retry: ${Math.round(DRAIN_RETRY_MS * (0.5 + Math.random()))}\n\n`)
      sink.end()
    },
    tick: (now: number) => {
      sink.closeIfStuck(now)
      stream.tick(now)
    },
  }
  if (!followers.add(held)) {
    sink.end()
    return
  }
  try {
    await stream.open()
    if (!sink.closed.aborted)
      await new Promise<void>((resolve) => sink.closed.addEventListener('abort', () => resolve(), { once: true }))
  } finally {
    followers.remove(held)
    stream.close()
  }
  if (revoked) throw new AppError('unauthenticated', 'You may not follow this any more.')
}
