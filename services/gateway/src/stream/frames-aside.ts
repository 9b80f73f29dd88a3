import { decodeFrames, type EncodedEvent } from '@askwire/contracts'

/** Live frames that are kept while a follower replays. Past the bound all are thrown away, and the log has to be read again. */
export type FramesAside = {
  add(frames: string): void
  /** Gives out what is kept and begins anew. `complete` is false when something was thrown away. */
  take(): { events: EncodedEvent[]; complete: boolean }
}

/** Keeps up to `maxBytes` of frames. */
export function createFramesAside(maxBytes: number): FramesAside {
  let kept: string[] = []
  let bytes = 0
  let complete = true
  return {
    add: (frames) => {
      if (bytes + frames.length > maxBytes) {
        kept = []
        bytes = 0
        complete = false
        return
      }
      kept.push(frames)
      bytes += frames.length
    },
    take: () => {
      const taken = { events: kept.flatMap((text) => decodeFrames(text) ?? []), complete }
      kept = []
      bytes = 0
      complete = true
      return taken
    },
  }
}
