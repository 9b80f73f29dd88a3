import { describe, expect, test } from '@jest/globals'
import { plainBlocks } from './plain-blocks.ts'
import { splitSentences } from './split-sentences.ts'

describe('plainBlocks', () => {
  test.each([
    ['# Title #', [['heading', 'Title']]],
    [
      'Title\n=====\ntext',
      [
        ['heading', 'Title'],
        ['text', 'text'],
      ],
    ],
    [
      'one\ntwo\n\nthree',
      [
        ['text', 'one two'],
        ['text', 'three'],
      ],
    ],
    ['队列\n保存', [['text', '队列保存']]],
    ['队列，\n保存', [['text', '队列，保存']]],
    [
      '- **bold** and `code`\n  goes on\n- [x] done',
      [
        ['list', 'bold and code goes on'],
        ['list', 'done'],
      ],
    ],
    [
      '1. first\n2) second',
      [
        ['list', 'first'],
        ['list', 'second'],
      ],
    ],
    [
      '| a | b |\n|---|:--|\n| 1 | `x\\|y` |',
      [
        ['row', 'a — b'],
        ['row', '1 — x|y'],
      ],
    ],
    [
      '```sh\nnpm start\n```\nafter',
      [
        ['code', 'npm start'],
        ['text', 'after'],
      ],
    ],
    ['cut off code\n```\nafter it', [['text', 'cut off code after it']]],
    [
      'before\n```ts\ncut off',
      [
        ['text', 'before'],
        ['code', 'cut off'],
      ],
    ],
    ['see [the docs](http://x) ![img](y.png) <b>now</b><br/>', [['text', 'see the docs now']]],
    [
      'queue `answer_queue.<gatewayId>` is *exclusive* and _auto_ snake_case_name',
      [['text', 'queue answer_queue.<gatewayId> is exclusive and auto snake_case_name']],
    ],
    ['> quoted\n> text', [['text', 'quoted text']]],
    [
      'a\n\n***\n\nb',
      [
        ['text', 'a'],
        ['text', 'b'],
      ],
    ],
    ['gateway ──► broker\nplain', [['text', 'plain']]],
    ['', []],
  ])('%j', (markdown, blocks) => {
    expect(plainBlocks(markdown).map(({ kind, text }) => [kind, text])).toEqual(blocks)
  })
})

describe('splitSentences', () => {
  const texts = (markdown: string): string[] => splitSentences(markdown, '').map(({ text }) => text)

  test('English and Chinese, abbreviations and decimals kept whole', () => {
    expect(texts('One takes 0.5 ms, e.g. Redis. Two? 三。四！')).toEqual([
      'One takes 0.5 ms, e.g. Redis.',
      'Two?',
      '三。',
      '四！',
    ])
  })

  test('a colon is completed by what it announces', () => {
    expect(texts('Start it with:\n\n```\nnpm start\n```\n\nThen wait.')).toEqual([
      'Start it with: npm start',
      'Then wait.',
    ])
    expect(texts('It needs:\n- Redis\n- Postgres\n\nNothing else.')).toEqual([
      'It needs: Redis; Postgres',
      'Nothing else.',
    ])
  })

  test('heading and the sentence before are context', () => {
    expect(splitSentences('# Queue\nIt is durable. Nothing is lost.', 'Doc')).toEqual([
      { text: 'It is durable.', section: 'Queue', previous: '', tabular: false },
      { text: 'Nothing is lost.', section: 'Queue', previous: 'It is durable.', tabular: false },
    ])
  })
})
