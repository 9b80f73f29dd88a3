import { expect, test } from '@jest/globals'
import { MAX_SUMMARY_CHARS } from '../limits.ts'
import { summariseByRule } from './summarise-by-rule.ts'

const turn = (role: 'user' | 'assistant', content: string) => ({ role, content })

test('each message by its first sentence, behind the summary there was', () => {
  const turns = [turn('user', 'How long are\nfiles kept? Tell me.'), turn('assistant', '三十天。然后删除。')]
  expect(summariseByRule('Before that.', turns)).toBe('Before that.\nQ: How long are files kept?\nA: 三十天。')
  expect(summariseByRule(undefined, [])).toBe('')
})

test('what is too long loses its older messages, never the newest, and stays well-formed and bounded', () => {
  const turns = Array.from({ length: 500 }, (_, at) => turn('user', `question ${at} ${'😀'.repeat(200)}`))
  const summary = summariseByRule('s'.repeat(10_000), turns)
  expect(summary.length).toBeLessThanOrEqual(MAX_SUMMARY_CHARS)
  expect(summary.isWellFormed()).toBe(true)
  expect(summary).toContain('Q: question 499 ')
  expect(summary).not.toContain('Q: question 0 ')
  expect(summary.startsWith('sss')).toBe(true)
})
