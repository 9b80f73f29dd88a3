import { describe, expect, test } from '@jest/globals'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { mathPlugin } from './math-plugin.ts'

const html = (text: string): string =>
  renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [remarkGfm, mathPlugin] }, text))
/** The formulas in a text, those on a line of their own in brackets. */
function formulas(text: string): string[] {
  return [...html(text).matchAll(/<code class="language-math ([^"]*)">([^<]*)<\/code>/g)].map(
    ([, names = '', tex = '']) => (names.includes('math-display') ? `[${tex}]` : tex),
  )
}

describe('mathematics', () => {
  test.each([
    ['Let $x$ be $2n$.', ['x', '2n']],
    ['So $E = mc^2$, and ($a_1$).', ['E = mc^2', 'a_1']],
    ['A set $\\{\\,a \\mid a > 0\\,\\}$ costs \\$5.', ['\\{\\,a \\mid a &gt; 0\\,\\}']],
    ['Both \\(n\\) and \\(\\frac{a}{b}\\).', ['n', '\\frac{a}{b}']],
    ['Both *stay* $a*b*c$ whole and $_x_ + _y_$.', ['a*b*c', '_x_ + _y_']],
    ['In line \\[x = 1\\] and $$y = 2$$.', ['[x = 1]', '[y = 2]']],
    ['$$\nx = 1\n\ny\n$$', ['[x = 1\n\ny]']],
    ['\\[\nx\n= 1\n+ b\n- c\n\\]\nEnd.', ['[x\n= 1\n+ b\n- c]']],
    [
      '\\[\n\\begin{aligned} a &= b \\\\[1em] c \\end{aligned} \\]\n\nEnd.',
      ['[\\begin{aligned} a &amp;= b \\\\[1em] c \\end{aligned} ]'],
    ],
    ['- a\n\n  \\[\n  x = 1\n  \\]\n- b', ['[x = 1]']],
    ['> \\[\n> x = 1\n> \\]\n\nEnd.', ['[x = 1]']],
    ['Over two\nlines $a +\nb$.', ['a +\nb']],
    ['设$x$为，$n+1$个。', ['x', 'n+1']],
    ['设 $x$ 为', ['x']],
  ])('%j has %j', (text, found) => {
    expect(formulas(text)).toEqual(found)
  })

  test.each([
    'It costs $5 and $10.',
    'From $5-$10, or 5$ to 10$.',
    'US$5 or US$10, $5/month or 10$ each.',
    '$HOME and $PATH, $A/bin:$B',
    'Between $5 and 6$ a head.',
    '$5和6$ 之间',
    'One $ alone, and $ another $ here.',
    'See \\[1\\], \\[note\\] and \\(see above\\), \\(1\\) first.',
    'Open \\(a + b and \\[c + d and $e + f.',
    '`$x$` and `\\(x\\)`',
    '    $x$',
    '```\n$$\nx\n$$\n```',
  ])('%j has none', (text) => {
    expect(formulas(text)).toEqual([])
  })

  test('what is not mathematics is as it is without it', () => {
    for (const text of ['\\[1\\] \\(so it was\\) \\$ $5', '\\*a\\* \\\\ b', 'a\\\nb', '\\[\\](x)']) {
      const plain = renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [remarkGfm] }, text))
      expect(html(text)).toBe(plain)
    }
  })

  test('any number of signs takes no longer than their number', () => {
    const costOf = (text: string): number => {
      const before = process.cpuUsage()
      html(text)
      return process.cpuUsage(before).user / 1000
    }
    for (const sign of ['\\(', '\\[', '$a ', '\\(a\\[', '\\[\n']) {
      costOf(sign.repeat(500))
      const few = costOf(sign.repeat(2_000))
      expect(costOf(sign.repeat(8_000))).toBeLessThan(few * 16 + 500)
    }
  })
})
