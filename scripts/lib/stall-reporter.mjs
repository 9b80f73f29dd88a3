const CHECK_EVERY_MS = 30_000
const TELL_AFTER_MS = 60_000

/** A Jest reporter that names the files that have been running for long: a hanging one would end without a trace. */
export default class StallReporter {
  #running = new Map()
  #timer

  onRunStart() {
    this.#timer = setInterval(() => {
      for (const [path, startedAt] of this.#running) {
        const elapsedMs = performance.now() - startedAt
        if (elapsedMs > TELL_AFTER_MS) console.error(`still running after ${Math.round(elapsedMs / 1000)} s: ${path}`)
      }
    }, CHECK_EVERY_MS)
    this.#timer.unref()
  }

  onTestFileStart({ path }) {
    this.#running.set(path, performance.now())
  }

  onTestFileResult({ path }) {
    this.#running.delete(path)
  }

  onRunComplete() {
    clearInterval(this.#timer)
  }
}
