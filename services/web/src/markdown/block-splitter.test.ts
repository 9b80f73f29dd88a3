import { describe, expect, test } from '@jest/globals'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { createBlockSplitter } from './block-splitter.ts'
import { mathPlugin } from './math-plugin.ts'

const WHOLE: Record<string, string> = {
  'a fence with blank lines': '```js\na\n\nb\n```\n',
  'an open fence': '```\na\n\nb\n\nc',
  'a fence that quotes a fence': '````md\n```\n\ninner\n```\n\nstill inside\n````\n',
  'a fence with an indented fence mark inside': '```\na\n\n       ```\n\nb\n```\n',
  'a fence with a quoted fence mark inside': '```\na\n\n> ```\n\nb\n```\n',
  'a list with blank lines': '- a\n\n- b\n\n  more of b\n',
  'a numbered list': '1. a\n\n2. b\n',
  'a quotation of two paragraphs': '> a\n>\n> b\n',
  'a formula with blank lines': '$$\na\n\n- b\n$$\n',
  'a formula in brackets': '\\[\na\n\n- b\n\\]\n',
  'a fence in a list': '- a\n\n  ```\n  x\n\n  y\n  ```\n\n- b\n',
}

const split = (text: string): readonly string[] => createBlockSplitter().split(text)

describe('blocks', () => {
  test('are cut between paragraphs, headings, lists and fences', () => {
    const parts = [
      '# Head\n',
      'One.\nStill one.\n\n\n',
      '- a\n- b\n\n',
      'Two.\n\n',
      '```\nx\n\ny\n```\n\n',
      '| a |\n|---|\n| 1 |\n',
    ]
    expect(split(parts.join(''))).toEqual(parts)
  })

  test.each(Object.entries(WHOLE))('%s stays whole', (_, text) => {
    expect(split(`Before.\n\n${text}`)).toEqual(['Before.\n\n', text])
  })

  test('of a growing text show what the text shows, at every length, and only the last two change', () => {
    for (let round = 0; round < 5; round += 1) {
      const text = randomText(round)
      const splitter = createBlockSplitter()
      let before: readonly string[] = []
      for (let length = 0; length <= text.length; length += 1) {
        const grown = text.slice(0, length)
        const blocks = splitter.split(grown)
        expect(blocks.join('')).toBe(grown)
        expect(blocks.map(html).join('')).toBe(html(grown))
        expect(blocks.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1))
        before = blocks
      }
    }
  })

  test('a text that is replaced is cut anew', () => {
    const splitter = createBlockSplitter()
    splitter.split('One.\n\nTwo.\n\nThree.')
    expect(splitter.split('Other.\n\nTwo.\n')).toEqual(['Other.\n\n', 'Two.\n'])
    expect(splitter.split('')).toEqual([])
  })

  test('a long answer costs no more at its end than at its beginning', () => {
    const splitter = createBlockSplitter()
    let text = ''
    const costOf = (count: number): number => {
      const before = process.cpuUsage()
      for (let i = 0; i < count; i += 1) {
        text += `Paragraph ${i} of *some* words.\n\n`
        splitter.split(text)
      }
      return process.cpuUsage(before).user / 1000
    }
    costOf(200)
    const first = costOf(200)
    costOf(2000)
    expect(costOf(200)).toBeLessThan(first * 5 + 50)
  })
})

/** Pieces of Markdown in an order that only `seed` decides. */
function randomText(seed: number): string {
  const pieces = [
    ...Object.values(WHOLE),
    '# Head\n',
    'It is $a\n+ b$, \\(c\\) or $$d$$.\n',
    '$$ e\n',
    '<details>\n\ntext\n\n</details>\n',
    '#no head\n',
    'Words *and\nmore*.\n',
    '***bold***\n',
    '    indented\n',
    '+ a\n1) b\n',
    '| a | b |\n|---|---|\n| `x` | y |\n',
    'Underlined\n===\n',
    '***\n',
    '\n\n',
    ' - c\n   - d\n',
    '~~~\nx\n\n```\n\ny\n~~~\n',
  ]
  let state = seed * 7919 + 7
  const next = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % bound
  }
  return Array.from({ length: 3 + next(4) }, () => `${pieces[next(pieces.length)]}${next(2) ? '\n' : ''}`).join('')
}

/** The text as HTML, without line breaks: between two elements they are there or not, and show nowhere. */
function html(text: string): string {
  return renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [remarkGfm, mathPlugin] }, text)).replaceAll(
    '\n',
    '',
  )
}
