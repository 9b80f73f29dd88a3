import { describe, expect, test } from '@jest/globals'
import { isClosed } from './growing-block.ts'

describe('a block that grows', () => {
  test.each(['```mermaid\ngraph TD\n```', '$$\nx\n$$', '\\[\nx\n\\]', '~~~\na\n~~~  ', '- a\n\n  ```\n  b\n  ```\n'])(
    '%j is closed',
    (text) => {
      expect(isClosed(text, 0, text.length)).toBe(true)
    },
  )

  test.each(['```mermaid', '```mermaid\ngraph TD\n', '```\na\n``', '$$', '$$\nx', '\\[\nx\n\\'])(
    '%j is not',
    (text) => {
      expect(isClosed(text, 0, text.length)).toBe(false)
    },
  )

  test('what stands before something else is closed', () => {
    expect(isClosed('- ```\n  a\n- b', 2, 9)).toBe(true)
  })
})
