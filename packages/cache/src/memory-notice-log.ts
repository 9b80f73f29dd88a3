import { type Clock, systemClock } from '@askwire/runtime'
import { compareNoticeIds, type KeptNotice, NO_NOTICE, type NoticeLog } from './notice-log.ts'

export type MemoryNoticeLogOptions = {
  maxPerUser?: number
  /** Past it the person told of something longest ago is forgotten. */
  maxUsers?: number
  retentionMs?: number
  clock?: Pick<Clock, 'now'>
}

type UserLog = { notices: KeptNotice[]; expiresAt: number }

/** The notices in this process's memory, for a single process and for tests. Bounded in persons and notices. */
export function createMemoryNoticeLog(options: MemoryNoticeLogOptions = {}): NoticeLog {
  const { maxPerUser = 1_000, maxUsers = 1_000, clock = systemClock } = options
  const retentionMs = options.retentionMs ?? 24 * 60 * 60 * 1000
  /** In the order of their last notice. */
  const users = new Map<string, UserLog>()
  let [lastMs, lastNumber] = [0, 0]

  const live = (userId: string): KeptNotice[] => {
    const log = users.get(userId)
    if (log && log.expiresAt <= clock.now()) users.delete(userId)
    return users.get(userId)?.notices ?? []
  }

  const nextId = (): string => {
    const now = Math.max(lastMs, Math.floor(clock.now()))
    lastNumber = now === lastMs ? lastNumber + 1 : 0
    lastMs = now
    return `${lastMs}-${lastNumber}`
  }

  return {
    async append(userId, text) {
      const notices = live(userId)
      const id = nextId()
      notices.push({ id, text })
      if (notices.length > maxPerUser) notices.shift()
      users.delete(userId)
      users.set(userId, { notices, expiresAt: clock.now() + retentionMs })
      const [oldest] = users.keys()
      if (users.size > maxUsers && oldest !== undefined) users.delete(oldest)
      return id
    },
    async read(userId, after, limit) {
      const notices = live(userId)
      const whole = after === NO_NOTICE || notices.some(({ id }) => id === after)
      return { whole, notices: notices.filter(({ id }) => compareNoticeIds(id, after) > 0).slice(0, limit) }
    },
    async lastId(userId) {
      return live(userId).at(-1)?.id ?? NO_NOTICE
    },
    async delete(userId) {
      users.delete(userId)
    },
    async ping() {},
    async close() {
      users.clear()
    },
  }
}
