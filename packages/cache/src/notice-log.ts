/** A notice as it is kept: its id, which orders the notices of a person, and its text. */
export type KeptNotice = { readonly id: string; readonly text: string }

/** What came after an id. `whole` is false when the log no longer has that id: something before the first of these may be lost. */
export type NoticesAfter = { whole: boolean; notices: KeptNotice[] }

/** Before every notice: the id to read from while a person has none. */
export const NO_NOTICE = '0-0'

/**
 * The newest notices of each person, about 1000, for 24 h after the last: what another device of theirs needs to follow. Notices are news, never
 * truth: whoever finds the log gone loads the lists again. Both implementations pass `notice-log-contract.ts`.
 */
export type NoticeLog = {
  /** Appends a text and gives its id, which MUST be above all ids the log has. Rejects with `cache_unavailable` within its time-out. */
  append(userId: string, text: string): Promise<string>
  /** Up to `limit` notices after `after` (exclusive), in order. From `NO_NOTICE` it is always whole. Rejects with `cache_unavailable`. */
  read(userId: string, after: string, limit: number): Promise<NoticesAfter>
  /** The id of the newest notice, or `NO_NOTICE`. */
  lastId(userId: string): Promise<string>
  /** Forgets a person's notices. */
  delete(userId: string): Promise<void>
  ping(): Promise<void>
  close(): Promise<void>
}

const SHAPE = /^(0|[1-9]\d{0,14})-(0|[1-9]\d{0,9})$/

/** Whether a text has the shape of a notice's id: milliseconds since 1970, and a number among those of one millisecond. */
export const isNoticeId = (text: string): boolean => SHAPE.test(text)

/** Below 0 when the first of two ids is the older. */
export function compareNoticeIds(a: string, b: string): number {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number)
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number)
  return aMs - bMs || aNumber - bNumber
}
