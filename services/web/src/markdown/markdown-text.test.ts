import { describe, expect, test } from '@jest/globals'
import { citedNumbers, citePlugin, type MarkdownNode } from './cite-plugin.ts'
import { locateQuote } from './locate-quote.ts'
import { safeUrl, visibleTarget } from './safe-url.ts'

const text = (value: string): MarkdownNode => ({ type: 'text', value })

/** The tree's leaves as one string, citations as `<n>`. */
function shown(node: MarkdownNode): string {
  const inner = node.value ?? (node.children ?? []).map(shown).join('')
  return node.type === 'citation' ? `<${inner}>` : inner
}
function cite(known: number[], ...children: MarkdownNode[]): string {
  const root: MarkdownNode = { type: 'root', children: [{ type: 'paragraph', children }] }
  citePlugin(new Set(known))()(root)
  return shown(root)
}

describe('citations', () => {
  test('numbers of known sources become citations', () => {
    expect(cite([1, 2], text('So [1], and so [2][1].'))).toBe('So <1>, and so <2><1>.')
    expect(cite([1, 2], text('Both [1, 2] and 两者[1，2]。'))).toBe('Both <1><2> and 两者<1><2>。')
    expect(cite([1], { type: 'strong', children: [text('bold [1]')] })).toBe('bold <1>')
  })

  test('others stay text', () => {
    expect(cite([1], text('[2] [0] [x] [1a] [1234] a[1, 9]'))).toBe('[2] [0] [x] [1a] [1234] a[1, 9]')
    expect(cite([1], { type: 'inlineCode', value: 'a[1]' }, { type: 'link', children: [text('[1]')] })).toBe('a[1][1]')
  })

  test('the cited numbers come in the order of their use', () => {
    expect(citedNumbers('[3] and [1, 2], [3]')).toEqual([3, 1, 2])
  })
})

describe('addresses', () => {
  test.each(['https://example.org/a?b#c', 'http://127.0.0.1:8080/', 'mailto:a@example.org'])(
    '%s may be linked',
    (url) => {
      expect(safeUrl(url)).toBe(url)
    },
  )

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    '/api/runs',
    '//evil.example',
    '#top',
    '',
    undefined,
  ])('%j may not', (url) => {
    expect(safeUrl(url)).toBeUndefined()
  })

  test('shows where a link really leads', () => {
    expect(visibleTarget(safeUrl('https://good.example@evil.example/x') ?? '')).toBe('evil.example')
    expect(visibleTarget('mailto:a@example.org')).toBe('a@example.org')
  })
})

describe('a quote', () => {
  test('is found word for word', () => {
    expect(locateQuote('a (b) c', '(b)')).toEqual({ start: 2, end: 5 })
  })

  test('is found when line breaks were folded', () => {
    const passage = 'When a worker dies,\n  another [one] takes over.'
    const span = locateQuote(passage, 'dies, another [one] takes')
    expect(passage.slice(span?.start, span?.end)).toBe('dies,\n  another [one] takes')
  })

  test('is not found where it is not', () => {
    expect(locateQuote('abc', 'x')).toBeUndefined()
    expect(locateQuote('abc', '  ')).toBeUndefined()
  })
})
