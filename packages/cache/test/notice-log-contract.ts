import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { compareNoticeIds, isNoticeId, NO_NOTICE, type NoticeLog } from '../src/index.ts'

/** What every log of notices MUST do. `create` makes one that keeps about `maxPerUser`, for at least a minute. */
export function noticeLogContract(name: string, create: (maxPerUser: number) => NoticeLog): void {
  describe(`notice log contract: ${name}`, () => {
    async function withLog(work: (log: NoticeLog, userId: string) => Promise<void>, maxPerUser = 1_000): Promise<void> {
      const log = create(maxPerUser)
      try {
        await work(log, randomUUID())
      } finally {
        await log.close()
      }
    }

    test('gives ids that rise, and reads what came after one', () =>
      withLog(async (log, userId) => {
        const ids: string[] = []
        for (let at = 0; at < 20; at += 1) ids.push(await log.append(userId, `n${at} 中文 🎉`))
        expect(ids.every(isNoticeId)).toBe(true)
        expect([...ids].sort(compareNoticeIds)).toEqual(ids)
        expect(new Set(ids).size).toBe(20)
        const after = await log.read(userId, ids[4] as string, 3)
        expect(after).toEqual({
          whole: true,
          notices: [5, 6, 7].map((at) => ({ id: ids[at], text: `n${at} 中文 🎉` })),
        })
        expect(await log.read(userId, ids[19] as string, 10)).toEqual({ whole: true, notices: [] })
        expect(await log.lastId(userId)).toBe(ids[19])
      }))

    test('of those who append at once each gets an id of its own', () =>
      withLog(async (log, userId) => {
        const ids = await Promise.all(Array.from({ length: 100 }, (_, at) => log.append(userId, `${at}`)))
        const { notices } = await log.read(userId, NO_NOTICE, 200)
        expect(new Set(ids).size).toBe(100)
        expect(notices.map(({ id }) => id)).toEqual([...ids].sort(compareNoticeIds))
      }))

    test('says when it does not reach back', () =>
      withLog(async (log, userId) => {
        const first = await log.append(userId, 'first')
        for (let at = 0; at < 500; at += 1) await log.append(userId, `${at}`)
        const after = await log.read(userId, first, 1_000)
        expect(after.whole).toBe(false)
        expect(after.notices.at(-1)?.text).toBe('499')
        expect(after.notices.length).toBeLessThan(500)
      }, 20))

    test('of a person without notices the place is before the first', () =>
      withLog(async (log, userId) => {
        expect(await log.lastId(userId)).toBe(NO_NOTICE)
        expect(await log.read(userId, NO_NOTICE, 10)).toEqual({ whole: true, notices: [] })
        const id = await log.append(userId, 'one')
        expect(await log.read(userId, NO_NOTICE, 10)).toEqual({ whole: true, notices: [{ id, text: 'one' }] })
      }))

    test('persons are apart, and forgotten one by one', () =>
      withLog(async (log, userId) => {
        const other = randomUUID()
        const id = await log.append(userId, 'mine')
        await log.append(other, 'theirs')
        await log.delete(userId)
        expect(await log.read(userId, id, 10)).toEqual({ whole: false, notices: [] })
        expect((await log.read(other, NO_NOTICE, 10)).notices.map(({ text }) => text)).toEqual(['theirs'])
      }))
  })
}
