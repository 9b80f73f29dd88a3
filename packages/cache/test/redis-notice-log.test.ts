import { createLogger } from '@askwire/runtime'
import { createRedisDatabase, type OwnSpace, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisNoticeLog } from '../src/index.ts'
import { noticeLogContract } from './notice-log-contract.ts'

const servers = serversOrSkip()
const logger = createLogger({ name: 'test', level: 'silent' })
let space: OwnSpace
let admin: Redis
beforeAll(async () => {
  space = await createRedisDatabase(servers)
  admin = new Redis(space.url)
})
afterAll(async () => {
  admin?.disconnect()
  await space?.drop()
})

noticeLogContract('redis', (maxPerUser) => createRedisNoticeLog({ url: space.url, logger, maxPerUser }))

test('a log is a stream of the person that expires', async () => {
  const log = createRedisNoticeLog({ url: space.url, logger, retentionMs: 60_000 })
  try {
    await admin.flushdb()
    await log.append('u1', 'x')
    expect(await admin.keys('*')).toEqual(['user:{u1}:notices'])
    expect(await admin.pttl('user:{u1}:notices')).toBeGreaterThan(50_000)
  } finally {
    await log.close()
  }
})

test('a Redis that is away is told at once, and throws nothing else', async () => {
  const log = createRedisNoticeLog({ url: 'redis://127.0.0.1:1', logger, timeoutMs: 300 })
  try {
    await expect(log.append('u1', 'x')).rejects.toMatchObject({ code: 'cache_unavailable' })
    await expect(log.read('u1', '0-0', 1)).rejects.toMatchObject({ code: 'cache_unavailable' })
  } finally {
    await log.close()
  }
})
