import { describe, expect, test } from '@jest/globals'
import { pickQuote } from './pick-quote.ts'
import { toTerms } from './to-terms.ts'

const asked = (question: string): Map<string, number> => new Map(toTerms(question).map((term) => [term, 1]))

describe('pickQuote', () => {
  test.each([
    [
      'the sentence that says most of what was asked',
      '# Queues\n\nThe broker was chosen in spring after long talks with everybody. A message stays in the queue until\nthe worker acknowledges it, whatever happens. Logs go to the standard output of each of the processes.',
      'when does a message leave the queue after the worker acknowledges?',
      'A message stays in the queue until\nthe worker acknowledges it, whatever happens.',
    ],
    [
      'an item without its mark',
      '- red apples are sweet\n- green apples are sour and keep until the end of winter, in a cool cellar',
      'green apples winter',
      'green apples are sour and keep until the end of winter, in a cool cellar',
    ],
    [
      'a row',
      '| fault | how |\n|---|---|\n| broker killed | kill -9 of the beam process, in the middle of a publish |',
      'broker killed',
      'broker killed | kill -9 of the beam process, in the middle of a publish |',
    ],
    [
      'a Chinese sentence with its neighbour when it is short',
      '天气很好。密码要长。每年换一次。',
      '密码多长',
      '密码要长。每年换一次。',
    ],
    ['the beginning when nothing was asked for', 'First. Second.', '???', 'First. Second.'],
    ['a heading when there is nothing else', '# Only a heading', 'heading', '# Only a heading'],
  ])('gives %s', (_name, text, question, quote) => {
    expect(pickQuote(text, asked(question))).toBe(quote)
  })

  test.each([
    [
      'English',
      `${'Words and more words, clause after clause, '.repeat(20)}then the needle, ${'and so on, '.repeat(50)}`,
      'needle',
    ],
    ['without spaces', 'x'.repeat(2000), 'needle'],
    ['Chinese', `${'这是一个很长的句子，'.repeat(60)}密码在这里，${'后面还有很多内容，'.repeat(60)}`, '密码'],
    ['emoji', '😀'.repeat(400), 'needle'],
  ])('cuts an endless sentence (%s) to an exact piece of it', (_name, text, question) => {
    const quote = pickQuote(text, asked(question))
    expect(quote.length).toBeGreaterThan(0)
    expect(quote.length).toBeLessThanOrEqual(300)
    expect(text).toContain(quote)
    expect(quote.isWellFormed()).toBe(true)
    if (text.includes(question)) expect(quote).toContain(question)
  })
})
