import { newId } from '@askwire/contracts'
import {
  type DeadLetter,
  forceEnd,
  getDeadLetter,
  listDeadLetters,
  markReplayed,
  readAsked,
  type Store,
  storeDeadLetter,
} from '@askwire/store'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ask, codeOf, complete, newScope, type Open, runById, take } from './drive.ts'

const POISON = { code: 'poison_message', message: 'no one could', retryable: false } as const

function letterOf(letter: Partial<DeadLetter> = {}): DeadLetter {
  return { reason: 'malformed', messageId: newId(), body: Buffer.from('not json'), deaths: [], ...letter }
}

async function listAll(store: Store, limit: number): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined, pages = 0; pages < 100; pages++) {
    const page = await listDeadLetters(store, { limit, cursor })
    ids.push(...page.items.map((letter) => letter.id))
    if (page.nextCursor === null) return ids
    cursor = page.nextCursor
  }
  throw new Error('the list does not end')
}

export function describeDeadLetters(open: Open): void {
  describe('dead letters', () => {
    beforeEach(async () => void (await open().db.deleteFrom('deadLetters').execute()))

    test('are kept as they came, bytes that are no text included', async () => {
      const store = open()
      const deaths = [{ queue: 'question_queue', reason: 'rejected', count: 2, at: '2026-01-02T03:04:05.000Z' }]
      const body = Buffer.from([0x7b, 0x00, 0xff, 0xfe, 0x22])
      const { id, created } = await storeDeadLetter(store, letterOf({ messageId: 'a\u0000b', body, deaths }))
      expect(created).toBe(true)
      expect(await getDeadLetter(store, id)).toEqual({
        id,
        reason: 'malformed',
        messageId: 'a\uFFFDb',
        runId: null,
        sessionId: null,
        body: '{\u0000\uFFFD\uFFFD"',
        bodyBytes: 5,
        deaths,
        receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        replayedAt: null,
        replayRunId: null,
      })
      expect(await codeOf(getDeadLetter(store, newId()))).toBe('not_found')
    })

    test('are bounded: the body, the message id, the deaths', async () => {
      const store = open()
      const deaths = Array.from({ length: 50 }, (_, count) => ({ queue: 'q', reason: 'expired', count, at: null }))
      const letter = letterOf({ messageId: 'x'.repeat(5000), body: Buffer.alloc(1_000_000, 'y'), deaths })
      const kept = await getDeadLetter(store, (await storeDeadLetter(store, letter)).id)
      expect(kept.body).toBe('y'.repeat(65_536))
      expect(kept).toMatchObject({ bodyBytes: 1_000_000, messageId: 'x'.repeat(200), deaths: deaths.slice(0, 10) })
    })

    test('that are delivered twice are one; another death of the same message is another', async () => {
      const store = open()
      const died = (at: string) => [{ queue: 'q', reason: 'rejected', count: 1, at }]
      const letter = letterOf({ deaths: died('2026-01-01T00:00:00.000Z') })
      const stored = await Promise.all([storeDeadLetter(store, letter), storeDeadLetter(store, letter)])
      expect(stored.map(({ created }) => created).sort()).toEqual([false, true])
      expect(stored[0]?.id).toBe(stored[1]?.id)
      const again = await storeDeadLetter(store, { ...letter, deaths: died('2026-01-01T00:00:09.000Z') })
      expect(again.created).toBe(true)
      expect((await listAll(store, 10)).sort()).toEqual([stored[0]?.id, again.id].sort())
    })

    test('are listed newest first, page by page, each once', async () => {
      const store = open()
      const ids: string[] = []
      for (let at = 0; at < 7; at++) ids.unshift((await storeDeadLetter(store, letterOf())).id)
      expect(await listAll(store, 3)).toEqual(ids)
      expect(await listAll(store, 7)).toEqual(ids)
      expect(await codeOf(listDeadLetters(store, { limit: 3, cursor: 'garbage' }))).toBe('invalid_request')
    })

    test('beyond the bound the oldest go', async () => {
      const store = open()
      const ids: string[] = []
      for (let at = 0; at < 6; at++) ids.unshift((await storeDeadLetter(store, letterOf(), { keep: 4 })).id)
      expect(await listAll(store, 10)).toEqual(ids.slice(0, 4))
    })

    test('belong to the owner of their run and go with the session', async () => {
      const store = open()
      const run = await ask(store, await newScope(store))
      const { id } = await storeDeadLetter(store, letterOf({ reason: 'rejected', run }))
      expect(await getDeadLetter(store, id)).toMatchObject({ runId: run.id, sessionId: run.sessionId })
      await store.db.deleteFrom('sessions').where('id', '=', run.sessionId).execute()
      expect(await codeOf(getDeadLetter(store, id))).toBe('not_found')
    })

    test('are replayed once: the first run noted stays', async () => {
      const store = open()
      const scope = await newScope(store)
      const [run, first, second] = [await ask(store, scope), await ask(store, scope), await ask(store, scope)]
      const { id } = await storeDeadLetter(store, letterOf({ run }))
      const both = await Promise.all(
        [first, second].map(({ id: runId }) => markReplayed(store, { letterId: id, runId })),
      )
      expect(both.filter(({ won }) => won)).toHaveLength(1)
      expect(both[0]?.runId).toBe(both[1]?.runId)
      const kept = await getDeadLetter(store, id)
      expect(kept.replayRunId).toBe(both[0]?.runId)
      expect(await markReplayed(store, { letterId: id, runId: run.id })).toEqual({
        runId: kept.replayRunId,
        won: false,
      })
      expect((await getDeadLetter(store, id)).replayedAt).toBe(kept.replayedAt)
      expect(await codeOf(markReplayed(store, { letterId: newId(), runId: run.id }))).toBe('not_found')
    })
  })

  describe('a run that is ended only when no one holds it', () => {
    const end = { status: 'failed', error: POISON, unlessHeld: true } as const

    test('is left to a worker whose lease is valid, and ended without one', async () => {
      const store = open()
      const scope = await newScope(store)
      const queued = await ask(store, scope)
      const waiting = await ask(store, scope, { sessionId: queued.sessionId })
      const [held, lost] = [await ask(store, scope), await ask(store, scope)]
      await take(store, held)
      await take(store, lost, { leaseMs: -1000 })
      expect(await forceEnd(store, { ...end, runId: held.id })).toBeNull()
      expect(await runById(store, held.id)).toMatchObject({ status: 'running', attempt: 1 })
      for (const { id } of [queued, waiting, lost]) {
        expect(await forceEnd(store, { ...end, runId: id })).toMatchObject({ status: 'failed', error: POISON })
      }
    })
  })

  describe('what a run was asked', () => {
    test('can be asked again at the same place, under a root as well', async () => {
      const store = open()
      const scope = await newScope(store)
      const root = await complete(store, await ask(store, scope, { message: 'root?', model: 'm', deadlineMs: 90_000 }))
      const { sessionId, answerId } = root
      const next = await complete(store, await ask(store, scope, { sessionId, message: 'next?' }))
      const asked = [await readAsked(store, root.id), await readAsked(store, next.id)]
      expect(asked[0]).toMatchObject({ scope, question: { message: 'root?', sessionId, parentId: null, model: 'm' } })
      expect(asked[1]).toMatchObject({ question: { message: 'next?', parentId: answerId } })
      expect(Math.abs((asked[0]?.question.deadlineMs ?? 0) - 90_000)).toBeLessThan(10_000)
      for (const { question } of asked) {
        const again = await complete(store, await ask(store, scope, question))
        expect((await readAsked(store, again.id)).question).toMatchObject({ parentId: question.parentId })
      }
      expect(await codeOf(readAsked(store, newId()))).toBe('not_found')
    })
  })
}
