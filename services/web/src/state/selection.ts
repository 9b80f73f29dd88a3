/** What is picked out of a list, by id. */
export type Selection = ReadonlySet<string>

/** The selection with one more, or one less. */
export function toggled(selection: Selection, id: string): Selection {
  const next = new Set(selection)
  if (!next.delete(id)) next.add(id)
  return next
}

/** The selection with all that stands from one to the other, both included, as a click with Shift picks them. */
export function withRange(selection: Selection, list: readonly string[], from: string, to: string): Selection {
  const [a, b] = [list.indexOf(from), list.indexOf(to)]
  if (a < 0 || b < 0) return toggled(selection, to)
  return new Set([...selection, ...list.slice(Math.min(a, b), Math.max(a, b) + 1)])
}

/** What of the selection is still in the list, in the list's order. */
export function selectedOf(selection: Selection, list: readonly string[]): string[] {
  return list.filter((id) => selection.has(id))
}
