import { expect, test } from '@jest/globals'
import { type Arrangement, isNarrow, isPlain, PLAIN, parseArrangement, storedArrangement } from './arrangement.ts'

test('an arrangement is remembered as it is', () => {
  const chosen: Arrangement = { sort: 'title', model: 'gpt-x', from: '2026-01-02', to: '2026-03-04' }
  expect(parseArrangement(storedArrangement(chosen))).toEqual(chosen)
  expect(storedArrangement(PLAIN)).toBeNull()
  expect(parseArrangement(null)).toEqual(PLAIN)
})

test('what makes no sense is left out', () => {
  for (const text of ['{', 'null', '7', '"title"', '[1]']) expect(parseArrangement(text)).toEqual(PLAIN)
  const odd = JSON.stringify({ sort: 'size', model: 7, from: 'yesterday', to: '2026-13-01' })
  expect(parseArrangement(odd)).toEqual(PLAIN)
})

test('a sort alone leaves nothing out, but can be cleared', () => {
  expect([isPlain({ sort: 'title' }), isNarrow({ sort: 'title' })]).toEqual([false, false])
  expect([isPlain({ sort: 'updated', to: '2026-01-01' }), isNarrow({ sort: 'updated', to: '2026-01-01' })]).toEqual([
    false,
    true,
  ])
})
