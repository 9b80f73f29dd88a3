/** Random numbers that come again in the same order for the same seed. Not for secrets. */
export type Random = {
  /** In [0, 1). */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  /** Throws a `RangeError` for an empty list. */
  pick<T>(items: readonly T[]): T
  /** A generator of its own that depends on this seed and the name alone, whatever else was drawn. */
  fork(name: string): Random
}

/** Mulberry32 (Tommy Ettinger's generator, 32 bits of state): small, and good enough to spread faults. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('there is nothing to pick from')
      return items[Math.floor(next() * items.length)]!
    },
    fork: (name) => createRandom([...name].reduce((sum, char) => Math.imul(sum, 31) + char.charCodeAt(0), seed)),
  }
}
