import { describe, expect, test } from '@jest/globals'
import { titleByRule } from './title-by-rule.ts'

describe('a title by rule', () => {
  test('is the first sentence, with what was said most often as tags', () => {
    const [title, tags] = titleByRule('How does the lighthouse burn oil? I want to know all of it.', [
      'The lighthouse burns oil. Oil is kept below the lighthouse; the lighthouse keeper fills it.',
    ]).split('\n')
    expect(title).toBe('How does the lighthouse burn oil?')
    expect(tags?.split(', ').slice(0, 2)).toEqual(['lighthouse', 'oil'])
  })

  test('is cut at a word', () => {
    const [title = ''] = titleByRule('word '.repeat(100), []).split('\n')
    expect(title.length).toBeLessThanOrEqual(61)
    expect(title.endsWith('word…')).toBe(true)
  })

  test('works without spaces', () => {
    const [title, tags] = titleByRule('灯塔怎么烧油？我想知道。', []).split('\n')
    expect(title).toBe('灯塔怎么烧油？我想知道。')
    expect(tags).toContain('灯塔')
  })
})
