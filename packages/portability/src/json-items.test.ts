import { describe, expect, test } from '@jest/globals'
import { jsonItems } from './json-items.ts'

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function cut(text: string, size: number, options: { maxBytes?: number; from?: number } = {}) {
  const items: [number, string | null, string][] = []
  for await (const { index, bytes, end } of jsonItems(inPieces(text, size), { maxBytes: 1000, ...options }))
    items.push([index, bytes?.toString() ?? null, end])
  return items
}

describe('the elements of a JSON file', () => {
  const text = '\uFEFF [ {"a":"]}, \\" 魚"}, [1,[2]] ,3, "x,y" ,null ] tail'
  const whole = ['{"a":"]}, \\" 魚"}', '[1,[2]]', '3', '"x,y"', 'null']

  test.each([1, 2, 3, 7, 1000])('come whole, whatever the stream was cut into (%i bytes)', async (size) => {
    const items = await cut(text, size)
    expect(items.map(([, item]) => item?.trim())).toEqual(whole)
    expect(items.every(([, , end]) => end === 'whole')).toBe(true)
  })

  test('an object that stands alone is one', async () => {
    expect(await cut(' {"a":[{}]} ', 2)).toEqual([[0, '{"a":[{}]}', 'whole']])
  })

  test('one that is too long costs no other, and those before `from` are passed over', async () => {
    const long = `[{"a":"${'x'.repeat(500)}"},{"b":1},{"c":2}]`
    expect(await cut(long, 10, { maxBytes: 100, from: 0 })).toEqual([
      [0, null, 'too long'],
      [1, '{"b":1}', 'whole'],
      [2, '{"c":2}', 'whole'],
    ])
    expect((await cut(long, 10, { maxBytes: 100, from: 2 })).at(-1)).toEqual([2, '{"c":2}', 'whole'])
  })

  test('a malformed one is handed on as it is', async () => {
    expect((await cut('[{"a":1,,},{"b":2}]', 5)).map(([, item]) => item)).toEqual(['{"a":1,,}', '{"b":2}'])
  })

  test('a file that ends too early says so after what was whole', async () => {
    expect(await cut('[{"a":1},{"b":', 3)).toEqual([
      [0, '{"a":1}', 'whole'],
      [1, null, 'cut off'],
    ])
  })

  test('what is no JSON is refused', async () => {
    await expect(cut('PK..', 4)).rejects.toThrow('not JSON')
    await expect(cut('  ', 4)).rejects.toThrow('empty')
  })
})
