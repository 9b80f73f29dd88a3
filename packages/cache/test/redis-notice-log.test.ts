import { expect, test } from '@jest/globals'
import { createRedisNoticeLog } from '../src/index.ts'
import { noticeLogContract } from './notice-log-contract.ts'
import { logger, ownRedis } from './own-redis.ts'

const redis = ownRedis()

noticeLogContract('redis', (maxPerUser) =>
  createRedisNoticeLog({ url: redis.url, logger, timeoutMs: 20_000, maxPerUser }),
)

test('a log is a stream of the person that expires', async () => {
  const log = createRedisNoticeLog({ url: redis.url, logger, timeoutMs: 20_000, retentionMs: 3_600_000 })
  try {
    await redis.admin.flushdb()
    await log.append('u1', 'x')
    expect(await redis.admin.keys('*')).toEqual(['user:{u1}:notices'])
    expect(await redis.admin.pttl('user:{u1}:notices')).toBeGreaterThan(3_000_000)
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
