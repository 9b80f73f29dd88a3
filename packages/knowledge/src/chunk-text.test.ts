import { describe, expect, test } from '@jest/globals'
import { chunkText } from './chunk-text.ts'
import { columnsOf, MAX_COLUMNS } from './split-block.ts'

const sentence = 'The worker takes the next question from the queue and answers it. '
const code = ['```ts', ...Array.from({ length: 30 }, (_, i) => `const line${i} = ${i}`), '```'].join('\n')
const table = [
  '| name | use |',
  '|---|---|',
  ...Array.from({ length: 20 }, (_, i) => `| field${i} | meaning ${i} |`),
].join('\n')
const list = Array.from({ length: 20 }, (_, i) => `- item ${i} says something\n  over two lines`).join('\n')

function texts(text: string, mediaType: 'text/markdown' | 'text/plain' = 'text/markdown'): string[] {
  return chunkText(text, mediaType).map(({ start, end }) => text.slice(start, end))
}

describe('chunkText', () => {
  test('begins a piece with every section and names the headings above it', () => {
    const text = '# Guide\n\nIntro.\n\n## Install\n\nRun it.\n\n### Linux `x86`\n\nUse apt.\n\n## Use\n\nAsk.\n'
    expect(
      chunkText(text, 'text/markdown').map(({ start, end, heading }) => [heading, text.slice(start, end)]),
    ).toEqual([
      ['Guide', '# Guide\n\nIntro.'],
      ['Guide › Install', '## Install\n\nRun it.'],
      ['Guide › Install › Linux x86', '### Linux `x86`\n\nUse apt.'],
      ['Guide › Use', '## Use\n\nAsk.'],
    ])
  })

  test('keeps a heading without text with the section below it, and reads underlined headings', () => {
    const text = 'Title\n=====\n\nPart\n----\n\nText.\n'
    expect(chunkText(text, 'text/markdown')).toEqual([{ start: 0, end: text.length - 1, heading: 'Title › Part' }])
  })

  test.each([
    ['code', code],
    ['a table', table],
    ['a list', list],
  ])('does not cut %s that fits into a chunk', (_name, block) => {
    const text = `# A\n\n${sentence.repeat(9)}\n\n${block}\n\n${sentence.repeat(9)}`
    expect(texts(text).filter((piece) => piece.includes(block))).toHaveLength(1)
  })

  test('a heading inside code is no heading', () => {
    expect(chunkText('# A\n\n```sh\n# not a heading\n```\n', 'text/markdown').map(({ heading }) => heading)).toEqual([
      'A',
    ])
  })

  test('cuts a long paragraph between sentences and repeats one sentence', () => {
    const text = Array.from({ length: 40 }, (_, i) => `Sentence number ${i} says something about queues. `).join('')
    const pieces = texts(text)
    expect(pieces.length).toBeGreaterThan(1)
    for (const piece of pieces) expect(piece).toMatch(/^Sentence .*\.$/s)
    for (const [i, piece] of pieces.slice(1).entries()) expect(pieces[i]).toContain(piece.slice(0, piece.indexOf('.')))
  })

  test('cuts long code between lines, and a long line at spaces, never inside a character', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `  const someVariable${i} = compute(${i})`)
    for (const piece of texts(`\`\`\`\n${lines.join('\n')}\n\`\`\``)) {
      for (const line of piece.split('\n')) expect(['```', ...lines.map((l) => l.trim())]).toContain(line.trim())
    }
    const pieces = texts('😀'.repeat(2000), 'text/plain')
    expect(pieces.join('')).toBe('😀'.repeat(2000))
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
  })

  test('counts Chinese characters twice', () => {
    const pieces = texts('每个问题都会得到一个答案，无论哪个进程中途崩溃。'.repeat(60), 'text/plain')
    expect(pieces.every((piece) => piece.length <= 520 && piece.endsWith('。'))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['white space', ' \n\t\n '],
    ['a heading alone', '# Only'],
    ['an endless heading', `# ${'word '.repeat(2000)}`],
    ['an unclosed fence', `\`\`\`\n${'code\n'.repeat(2000)}`],
    ['a wide table', `|${'a|'.repeat(3000)}\n|${'-|'.repeat(3000)}\n`],
    ['nested lists with code', '- a\n\n  ```\n  x\n  ```\n  - b\n'.repeat(200)],
    ['headings only', '## a\n'.repeat(3000)],
    ['mixed', `# 标题\n\n${sentence.repeat(50)}\n\n${list}\n\n${table}\n\n${code}\n\n${'问答。'.repeat(900)}`],
  ])('%s: every word is in a piece, in order, none too long', (_name, text) => {
    const pieces = chunkText(text, 'text/markdown')
    let end = 0
    for (const piece of pieces) {
      expect(text.slice(end, Math.max(end, piece.start)).trim()).toBe('')
      expect(piece.end).toBeGreaterThan(end)
      expect(columnsOf(text.slice(piece.start, piece.end))).toBeLessThanOrEqual(MAX_COLUMNS)
      end = piece.end
    }
    expect(text.slice(end).trim()).toBe('')
  })

  test('a megabyte takes less than four seconds of the processor, whatever its shape', () => {
    for (const text of ['- a\n', '# a\n', '|', '[a', '\n', 'word. ', '问题。', '> ']) {
      const before = process.cpuUsage()
      chunkText(text.repeat(Math.ceil(500_000 / text.length)), 'text/markdown')
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(4000)
    }
  })
})
