import type { Spread } from './jobs.ts'

/** Numbers that grow without a garbage of objects: a run makes hundreds of thousands. */
export class Samples {
  #values = new Float64Array(65_536)
  #count = 0

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count] = value
    this.#count += 1
  }

  /** Microseconds in, milliseconds out; zeros when there are none. */
  spreadMs(): Spread {
    const sorted = this.#values.subarray(0, this.#count).sort()
    const at = (share: number): number => {
      const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
      return Math.round(value / 10) / 100
    }
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
  }
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
