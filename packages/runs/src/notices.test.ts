import { createMemoryNoticeLog, NO_NOTICE } from '@askwire/cache'
import { createLogger, systemClock } from '@askwire/runtime'
import { waitFor } from '@askwire/testing'
import { expect, test } from '@jest/globals'
import { createNotices } from './notices.ts'

const logger = createLogger({ name: 'test', level: 'silent' })

test('a notice is in the log before it is sent, and what is sent is its id', async () => {
  const log = createMemoryNoticeLog()
  const sent: { key: string; inLog: string; frames: string }[] = []
  const broker = {
    sendAnswers: async (key: string, frames: string) => {
      sent.push({ key, frames, inLog: await log.lastId('u1') })
    },
  }
  createNotices({ log, broker, clock: systemClock, logger }).tell('u1', { event: 'session.created', sessionId: 's1' })
  await waitFor(() => sent.length === 1, { what: 'the notice' })
  expect(sent[0]).toMatchObject({ key: 'user:u1', frames: sent[0]?.inLog })
})

test('a log that fails, or never answers, is nobody else’s trouble', async () => {
  const memory = createMemoryNoticeLog()
  let asked = 0
  const log = {
    ...memory,
    append: () => {
      asked += 1
      return asked === 1 ? Promise.reject(new Error('away')) : new Promise<string>(() => {})
    },
  }
  const notices = createNotices({ log, broker: { sendAnswers: async () => {} }, clock: systemClock, logger })
  for (let at = 0; at < 5_000; at += 1) notices.tell('u1', { event: 'session.updated' })
  await waitFor(() => asked > 1, { what: 'the others' })
  expect(asked).toBeLessThanOrEqual(1_000)
})

test('of what changes often the last is told', async () => {
  const log = createMemoryNoticeLog()
  const notices = createNotices({ log, broker: { sendAnswers: async () => {} }, clock: systemClock, logger })
  for (let draftVersion = 1; draftVersion <= 50; draftVersion += 1)
    notices.tellAtMost(20, 'u1', { event: 'draft.updated', sessionId: 's1', data: { draftVersion } })
  notices.tellAtMost(20, 'u1', { event: 'draft.updated', sessionId: 's2', data: { draftVersion: 1 } })
  const read = async () => (await log.read('u1', NO_NOTICE, 100)).notices.map(({ text }) => JSON.parse(text))
  await waitFor(async () => (await read()).length === 2, { what: 'both drafts' })
  expect((await read()).map(({ sessionId, data }) => [sessionId, data.draftVersion])).toEqual([
    ['s1', 50],
    ['s2', 1],
  ])
})

test('what is held back of a person or a session can be dropped, and nothing else goes with it', async () => {
  const log = createMemoryNoticeLog()
  const notices = createNotices({ log, broker: { sendAnswers: async () => {} }, clock: systemClock, logger })
  for (const [userId, sessionId] of [
    ['u1', 's1'],
    ['u1', 's2'],
    ['u2', 's3'],
  ] as const)
    notices.tellAtMost(20, userId, { event: 'draft.updated', sessionId })
  notices.dropHeldBack({ sessionId: 's1' })
  notices.dropHeldBack({ userId: 'u2' })
  notices.tellAtMost(40, 'u2', { event: 'draft.updated', sessionId: 's4' })
  const told = async (userId: string) =>
    (await log.read(userId, NO_NOTICE, 100)).notices.map(({ text }) => JSON.parse(text).sessionId)
  await waitFor(async () => (await told('u2')).length === 1, { what: 'the last' })
  expect(await told('u1')).toEqual(['s2'])
  expect(await told('u2')).toEqual(['s4'])
})
