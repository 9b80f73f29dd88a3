import { expect, test } from '@jest/globals'
import { parseTags } from './parse-tags.ts'

test('tags are what stands between commas, each once', () => {
  expect(parseTags(' Rust,  two   words ,, rust,租约，队列、')).toEqual(['Rust', 'two words', '租约', '队列'])
  expect(parseTags(' ')).toEqual([])
})
