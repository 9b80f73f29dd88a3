/** Damping of reciprocal rank fusion, as in its paper. */
const K = 60

export type Ranking = { ids: readonly string[]; weight: number }

/** Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009), weighted: ids by falling score; ties in order of the first ranking. */
export function fuse(rankings: readonly Ranking[]): { id: string; score: number }[] {
  const scores = new Map<string, number>()
  for (const { ids, weight } of rankings) {
    for (const [rank, id] of ids.entries()) scores.set(id, (scores.get(id) ?? 0) + weight / (K + rank + 1))
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score)
}
