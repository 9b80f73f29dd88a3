import { expect, test } from '@jest/globals'
import { noticeLogContract } from '../test/notice-log-contract.ts'
import { createMemoryNoticeLog } from './memory-notice-log.ts'
import { NO_NOTICE } from './notice-log.ts'

noticeLogContract('memory', (maxPerUser) => createMemoryNoticeLog({ maxPerUser }))

test('a log goes a day after its last notice, and the person told longest ago when there are too many', async () => {
  let now = 1_000
  const log = createMemoryNoticeLog({ maxUsers: 2, retentionMs: 100, clock: { now: () => now } })
  await log.append('a', 'x')
  await log.append('b', 'x')
  await log.append('a', 'y')
  await log.append('c', 'x')
  expect(await log.lastId('b')).toBe(NO_NOTICE)
  expect(await log.lastId('a')).not.toBe(NO_NOTICE)
  now += 101
  expect(await log.lastId('a')).toBe(NO_NOTICE)
})
