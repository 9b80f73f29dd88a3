import type { Turn } from './list-turns.ts'

/** Turns somebody has worked in that are kept: an open editor or a list of steps would be gone with its turn. */
const MAX_HELD = 4

/** The keys with `key` as the newest, of which only the newest few stay. The same list when nothing changes. */
export function holdKey(held: readonly string[], key: string): readonly string[] {
  if (held.at(-1) === key) return held
  return [...held.filter((one) => one !== key), key].slice(-MAX_HELD)
}

/** Places of the turns that stay in the document also out of sight: the last, which grows while it streams, and the held ones. */
export function keptIndexes(turns: readonly Pick<Turn, 'key'>[], held: readonly string[]): number[] {
  if (turns.length === 0) return []
  const last = turns.length - 1
  const places = held.map((key) => turns.findIndex((turn) => turn.key === key))
  return [...new Set([...places.filter((place) => place >= 0), last])].sort((a, b) => a - b)
}
