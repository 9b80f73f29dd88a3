const TELL_AFTER_MS = 90_000

/** A Jest reporter that names the files that have been running for long: a hanging one would end without a trace. */
export default class StallReporter {
  #running = new Map()
  #timer

  onRunStart() {
    this.#timer = setInterval(() => {
      for (const [path, startedAt] of this.#running) {
        const seconds = Math.round((performance.now() - startedAt) / 1000)
        console.error(`still running after ${seconds} s: ${path}`)
      }
    }, TELL_AFTER_MS)
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
