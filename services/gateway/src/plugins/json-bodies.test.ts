import { describe, expect, test } from '@jest/globals'
import { depthOf } from './json-bodies.ts'

describe('nesting of a body', () => {
  test.each([
    ['1', 0],
    ['{}', 1],
    ['{"a":[1,{"b":[]}]}', 4],
    ['[[],[],[]]', 2],
    ['"[[[["', 0],
    ['{"a":"\\"[[["}', 1],
    ['["\\\\",[1]]', 2],
  ])('%s', (json, depth) => expect(depthOf(json)).toBe(depth))

  test('a megabyte is measured in little time', () => {
    const before = process.cpuUsage()
    expect(depthOf('['.repeat(1_000_000))).toBe(1_000_000)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000)
  })
})
