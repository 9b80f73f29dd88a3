import { describe, expect, test } from '@jest/globals'
import { countRefused, indexPassages, LANGUAGES, measure, rankersOf, readQuestionSet } from '../evaluation.ts'
import { embedder, type Open } from './knowledge.suite.ts'

/** On Askwire's own, small question set; the figures are printed by `npm run bench:retrieval`. */
export function describeRanking(open: Open): void {
  describe.each(LANGUAGES)('ranking in %s', (language) => {
    const set = readQuestionSet(language)

    test('BM25 finds the passage; fused is no worse; both beat an AND query', async () => {
      const deps = { store: open(), embedder }
      const rankers = rankersOf(deps, await indexPassages(deps, set))
      const bm25 = await measure(set, rankers.bm25)
      const fused = await measure(set, rankers.fused)
      const and = await measure(set, rankers['ts_rank, all words'])
      expect(bm25.hit1).toBeGreaterThanOrEqual(0.95)
      expect(bm25.mrr).toBeGreaterThanOrEqual(0.97)
      expect(fused.hit1).toBeGreaterThanOrEqual(bm25.hit1)
      expect(fused.hit5).toBeGreaterThanOrEqual(bm25.hit5)
      expect(fused.mrr).toBeGreaterThanOrEqual(bm25.mrr)
      expect(and.hit5).toBeLessThan(bm25.hit5)
    }, 60_000)

    test('most questions that nothing answers find nothing', async () => {
      const deps = { store: open(), embedder }
      const scope = await indexPassages(deps, set)
      const refused = await countRefused(deps, scope, set.unrelated)
      expect(refused / set.unrelated.length).toBeGreaterThanOrEqual(0.65)
    }, 60_000)
  })
}
