import type { Broker } from '@askwire/broker'
import type { NoticeLog } from '@askwire/cache'
import type { Notice } from '@askwire/contracts'
import { type Clock, isoTime, type Logger } from '@askwire/runtime'

/** A notice before it has its time. What is absent is null, and `data` empty. */
export type NoticeDraft = Pick<Notice, 'event'> & Partial<Pick<Notice, 'sessionId' | 'jobId' | 'data'>>

/** Tells people's other devices what has changed. */
export type Notices = {
  /**
   * Tells a person of a change that is committed. Returns at once, never throws, and is not waited for: a notice that cannot be kept is lost, and
   * whoever reconnects loads the lists again. `data` MUST hold only what the person may see, and no long text.
   */
  tell(userId: string, notice: NoticeDraft): void
  /**
   * The same for what changes often: of one event of one session at most one notice in `everyMs`, the last of them. A process that dies before then
   * has not told it.
   */
  tellAtMost(everyMs: number, userId: string, notice: NoticeDraft): void
  /** Drops what `tellAtMost` still holds back of a person, or of a session that is being erased: it would be written after their log is deleted. */
  dropHeldBack(about: { userId: string } | { sessionId: string }): void
  /** Where notices are kept: to be read, and deleted with a person. */
  readonly log: NoticeLog
}

/** Notices on their way at one time; more would only hold memory while Redis does not answer. */
const MAX_UNDER_WAY = 1_000

/** The routing key, on the exchange of the answers, of what concerns a person. */
export const userKey = (userId: string): string => `user:${userId}`

/** Append, then send, as with answers: what is sent is the id alone, and who follows reads the log. */
export function createNotices(deps: {
  log: NoticeLog
  broker: Pick<Broker, 'sendAnswers'>
  clock: Pick<Clock, 'now'>
  logger: Logger
}): Notices {
  let underWay = 0
  const write = async (userId: string, { event, sessionId = null, jobId = null, data = {} }: NoticeDraft) => {
    const notice: Notice = { event, sessionId, jobId, at: isoTime(deps.clock), data }
    const id = await deps.log.append(userId, JSON.stringify(notice))
    await deps.broker.sendAnswers(userKey(userId), id)
  }
  const later = new Map<string, { userId: string; notice: NoticeDraft }>()

  const tell = (userId: string, notice: NoticeDraft): void => {
    if (underWay >= MAX_UNDER_WAY) return
    underWay += 1
    write(userId, notice)
      .catch((error: unknown) => deps.logger.warn({ err: error, event: notice.event }, 'a notice was lost'))
      .finally(() => {
        underWay -= 1
      })
  }

  return {
    log: deps.log,
    tell,
    tellAtMost: (everyMs, userId, notice) => {
      const key = `${userId} ${notice.event} ${notice.sessionId}`
      const waits = later.has(key)
      if (!waits && later.size >= MAX_UNDER_WAY) return tell(userId, notice)
      later.set(key, { userId, notice })
      if (waits) return
      const timer = setTimeout(() => {
        const last = later.get(key)
        later.delete(key)
        if (last) tell(userId, last.notice)
      }, everyMs)
      timer.unref()
    },
    dropHeldBack: (about) => {
      for (const [key, { userId, notice }] of later) {
        const meant = 'userId' in about ? about.userId === userId : about.sessionId === notice.sessionId
        if (meant) later.delete(key)
      }
    },
  }
}
