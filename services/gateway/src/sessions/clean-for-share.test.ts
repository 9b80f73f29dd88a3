import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { cleanForShare } from './clean-for-share.ts'

const clean = (text: string): string => cleanForShare(text, 'ask.example.com')

test.each([
  ['Paris [1] is the capital [2].', 'Paris [1] is the capital [2].'],
  ['See [the handbook](/api/documents/x) [1].', 'See the handbook [1].'],
  ['![plan](http://10.1.2.3/plan.png) there', 'plan there'],
  [
    '[wiki](https://wiki.internal/page "Wiki") and [wiki](https://en.wikipedia.org/wiki/X)',
    'wiki and [wiki](https://en.wikipedia.org/wiki/X)',
  ],
  ['[here](https://ask.example.com/c/1)', 'here'],
  ['go to http://localhost:8787/x, or http://192.168.1.9:80', 'go to (internal address) or (internal address)'],
  ['http://build/job and http://user:pw@example.com/', '(internal address) and (internal address)'],
  ['https://example.org/a?b=c stays', 'https://example.org/a?b=c stays'],
  ['[x](javascript:alert) [y](file:///etc/passwd) [z](mailto:a@b.example)', 'x y z'],
  [
    'http://localhost./a http://wiki.internal./ http://build./job https://ask.example.com./c http://ask.example.com:8787/',
    '(internal address) (internal address) (internal address) (internal address) (internal address)',
  ],
  ['http://[fd00::1]/ is near', '(internal address) is near'],
])('%s', (text, cleaned) => {
  expect(clean(text)).toBe(cleaned)
})

test('no id is left, whatever it names', () => {
  const id = randomUUID()
  const text = clean(`document ${id}, ${id.toUpperCase()} and https://example.org/${id}`)
  expect(text.toLowerCase()).not.toContain(id)
})

test('a text made to take long does not', () => {
  const texts = [
    '['.repeat(100_000),
    '![](<'.repeat(20_000),
    'http://'.repeat(15_000),
    '[a]('.repeat(25_000),
    `[a](b${' '.repeat(100_000)}`,
  ]
  for (const text of texts) {
    const before = process.cpuUsage()
    clean(text)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(4_000)
  }
})
