import { describe, expect, test } from '@jest/globals'
import { condenseByRule } from './condense-by-rule.ts'

describe('condensing by rule', () => {
  test.each([
    [
      'Can I get it back?',
      'How long does Nimbus keep deleted files?',
      'Can I get it back? (long nimbus keep deleted files)',
    ],
    ['And after that?', 'How long are deleted files kept?', 'And after that? (long deleted files kept)'],
    ['那个可以恢复吗?', '删除的文件保留多久?', expect.stringContaining('文件')],
  ])('%s', (question, earlier, condensed) => {
    expect(condenseByRule(question, [earlier])).toEqual(condensed)
  })

  test('a question that stands alone stays as it is', () => {
    const question = 'Which port does the gateway listen on?'
    expect(condenseByRule(question, ['How long are deleted files kept?'])).toBe(question)
    expect(condenseByRule('How do I scale workers?', ['What happens when a worker dies?'])).toBe(
      'How do I scale workers?',
    )
    expect(condenseByRule('Why?', [])).toBe('Why?')
  })

  test('looks past an earlier follow-up that says nothing itself', () => {
    expect(condenseByRule('And why?', ['How are quorum queues replicated?', 'Why is that so?'])).toBe(
      'And why? (quorum queues replicated)',
    )
  })
})
