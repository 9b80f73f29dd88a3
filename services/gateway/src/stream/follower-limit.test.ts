import { expect, test } from '@jest/globals'
import { followerLimit } from './follower-limit.ts'

const limits = (soft: string): string =>
  [
    'Limit                     Soft Limit           Hard Limit           Units',
    `Max open files            ${soft}`,
  ].join('\n')

test('streams take at most three quarters of the open files there may be', () => {
  expect(followerLimit(20_000, limits('1024                 1048576              files'))).toBe(768)
  expect(followerLimit(500, limits('1024                 1048576              files'))).toBe(500)
})

test('the configured number stands where no limit is known', () => {
  expect(followerLimit(20_000, limits('unlimited            unlimited            files'))).toBe(20_000)
  expect(followerLimit(20_000, '')).toBe(20_000)
})

test('the limits of this process are read', () => {
  expect(followerLimit(1)).toBe(1)
  expect(followerLimit(Number.MAX_SAFE_INTEGER)).toBeGreaterThan(0)
})
