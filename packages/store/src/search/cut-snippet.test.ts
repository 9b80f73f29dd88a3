import { describe, expect, test } from '@jest/globals'
import { cutSnippet, type Match } from './cut-snippet.ts'

const find = (text: string, ...words: string[]): Match[] =>
  words
    .flatMap((key) =>
      [...text.matchAll(new RegExp(key, 'g'))].map(({ index }) => ({ key, start: index, end: index + key.length })),
    )
    .sort((a, b) => a.start - b.start)
const marked = (text: string, ...words: string[]): string[] => {
  const { snippet, highlights } = cutSnippet(text, find(text, ...words))
  return highlights.map(({ start, end }) => snippet.slice(start, end))
}

describe('a snippet', () => {
  test('a short text is shown whole, on one line', () => {
    const text = 'why\nis the sky\tblue?'
    expect(cutSnippet(text, find(text, 'sky'))).toEqual({
      snippet: 'why is the sky blue?',
      highlights: [{ start: 11, end: 14 }],
    })
    expect(cutSnippet('', [])).toEqual({ snippet: '', highlights: [] })
  })

  test('of a long one, where the most different words stand together', () => {
    const text = `cat ${'x '.repeat(300)}the cat saw a dog ${'y '.repeat(300)}`
    const { snippet } = cutSnippet(text, find(text, 'cat', 'dog'))
    expect(snippet).toMatch(/^….*the cat saw a dog.*…$/)
    expect(snippet.length).toBeLessThanOrEqual(242)
    expect(marked(text, 'cat', 'dog')).toEqual(['cat', 'dog'])
  })

  test('places are right behind emoji and Chinese, and no character is halved', () => {
    for (let pad = 0; pad < 70; pad += 1) {
      const text = `${'😀'.repeat(200)}${'a'.repeat(pad)}数据库${'😀'.repeat(200)}`
      const { snippet } = cutSnippet(text, find(text, '数据', '据库'))
      expect(snippet.isWellFormed()).toBe(true)
      expect(marked(text, '数据', '据库')).toEqual(['数据库'])
    }
  })
})
