import type { Logger } from '@askwire/runtime'
import { NO_NOTICE, type NoticeLog } from './notice-log.ts'
import { openRedisConnection } from './redis-connection.ts'

export type RedisNoticeLogOptions = {
  url: string
  logger: Logger
  timeoutMs?: number
  /** Before every key; gives installations that share a Redis their own names. */
  keyPrefix?: string
  /** Life of a person's log after its last notice. */
  retentionMs?: number
  /** About how many notices of a person are kept; the oldest go first. */
  maxPerUser?: number
}

/** The notices in Redis: a stream per person, whose ids Redis gives. */
export function createRedisNoticeLog(options: RedisNoticeLogOptions): NoticeLog {
  const { url, logger, timeoutMs = 1_500, keyPrefix = '', maxPerUser = 1_000 } = options
  const retentionMs = options.retentionMs ?? 24 * 60 * 60 * 1000
  const connection = openRedisConnection({ url, logger, timeoutMs, name: 'notice-log' })
  const keyOf = (userId: string): string => `${keyPrefix}user:{${userId}}:notices`

  return {
    async append(userId, text) {
      const key = keyOf(userId)
      // Both leave in one write, and the second changes nothing that the first did: no transaction is needed.
      const [id] = await connection.run((redis) =>
        Promise.all([redis.xadd(key, 'MAXLEN', '~', maxPerUser, '*', 'n', text), redis.pexpire(key, retentionMs)]),
      )
      return id ?? NO_NOTICE
    },
    async read(userId, after, limit) {
      // Inclusive, so that one command also tells whether the log still has the place.
      const entries = await connection.run((redis) => redis.xrange(keyOf(userId), after, '+', 'COUNT', limit + 1))
      const whole = after === NO_NOTICE || entries[0]?.[0] === after
      const later = whole && after !== NO_NOTICE ? entries.slice(1) : entries.slice(0, limit)
      return { whole, notices: later.map(([id, fields]) => ({ id, text: fields[1] ?? '' })) }
    },
    async lastId(userId) {
      const entries = await connection.run((redis) => redis.xrevrange(keyOf(userId), '+', '-', 'COUNT', 1))
      return entries[0]?.[0] ?? NO_NOTICE
    },
    async delete(userId) {
      await connection.run((redis) => redis.unlink(keyOf(userId)))
    },
    async ping() {
      await connection.run((redis) => redis.ping())
    },
    close: () => connection.close(),
  }
}
