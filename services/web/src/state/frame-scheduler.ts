/** Calls `flush` at most once per frame, however often `request` is called. */
export type FrameScheduler = { request(): void; cancel(): void }

/** A frame that took longer than this makes the next one wait, so that the page stays usable whatever it has to draw. */
const SLOW_FRAME_MS = 40
const REST_FACTOR = 3
const MAX_REST_MS = 500
/** Browsers give a hidden page no frames. */
const HIDDEN_MS = 250

/** Frames by `requestAnimationFrame`, slower while the page is hidden or drawing takes long. */
export function createFrameScheduler(flush: () => void): FrameScheduler {
  let cancelPending: (() => void) | undefined
  let restUntil = 0

  const run = (): void => {
    cancelPending = undefined
    const startedAt = performance.now()
    flush()
    // React draws before the task after this frame: the time until then is what the flush has cost.
    setTimeout(() => {
      const tookMs = performance.now() - startedAt
      if (tookMs > SLOW_FRAME_MS) restUntil = performance.now() + Math.min(tookMs * REST_FACTOR, MAX_REST_MS)
    })
  }

  return {
    request: () => {
      if (cancelPending) return
      const restMs = document.hidden ? HIDDEN_MS : restUntil - performance.now()
      if (restMs > 0) {
        const timer = setTimeout(run, restMs)
        cancelPending = () => clearTimeout(timer)
      } else {
        const frame = requestAnimationFrame(run)
        cancelPending = () => cancelAnimationFrame(frame)
      }
    },
    cancel: () => {
      cancelPending?.()
      cancelPending = undefined
    },
  }
}
