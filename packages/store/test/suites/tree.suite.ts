import { type Actor, type MessageView, newId } from '@askwire/contracts'
import {
  acceptRegeneration,
  countFeedback,
  deleteMessage,
  ensureCollection,
  finishRun,
  getSession,
  giveFeedback,
  listMessages,
  type Regeneration,
  type RunRow,
  requestCancel,
  settleNext,
  showDocument,
  startDocument,
  takeBackFeedback,
  updateSession,
} from '@askwire/store'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { answerOf, ask, codeOf, complete, newActor, newScope, type Open, offer, runById, take } from './drive.ts'
import { recordOf } from './people-kit.ts'

/** Messages as a tree: branches, siblings, answers beside each other, and what is deleted. */
export function describeTree(open: Open): void {
  describe('messages as a tree', () => {
    let me: Actor
    let other: Actor
    beforeEach(async () => {
      me = await newActor(open())
      other = await newActor(open())
    })

    const answered = async (question: Parameters<typeof ask>[2] = {}, content = 'because'): Promise<RunRow> =>
      await complete(open(), await ask(open(), me, question), content)
    const again = async (run: Pick<RunRow, 'sessionId' | 'questionId'>, how: Partial<Regeneration> = {}) =>
      await acceptRegeneration(open(), me, {
        ...{ sessionId: run.sessionId, questionId: run.questionId, onBusy: 'enqueue', deadlineMs: 60_000, actor: me },
        ...how,
      })
    const list = async (sessionId: string, branch: string, limit = 100): Promise<MessageView[]> =>
      (await listMessages(open(), me, sessionId, { limit, branch })).items
    const said = (messages: readonly MessageView[]): string[] => messages.map(({ content }) => content)

    test('a question edited is a sibling; the open branch is the newest, the opened one, and asking closes it again', async () => {
      const first = await answered({ message: 'one' }, 'answer one')
      const { sessionId } = first
      await answered({ sessionId, message: 'two' }, 'answer two')
      const edited = await answered({ sessionId, message: 'one, differently', parentId: null }, 'another')
      expect(said(await list(sessionId, 'active'))).toEqual(['another', 'one, differently'])
      expect(said(await list(sessionId, 'all'))).toHaveLength(6)
      const [, question] = await list(sessionId, 'active')
      expect(question?.siblings).toEqual({ ids: [first.questionId, edited.questionId], index: 1 })
      // Through a message, on to the newest below it.
      expect(said(await list(sessionId, first.questionId))).toEqual(['answer two', 'two', 'answer one', 'one'])
      await updateSession(open(), me, sessionId, { activeLeafId: first.answerId ?? '' })
      expect(said(await list(sessionId, 'active'))).toEqual(['answer one', 'one'])
      const third = await answered({ sessionId, message: 'three' }, 'answer three')
      expect(said(await list(sessionId, 'active'))).toEqual(['answer three', 'three', 'answer one', 'one'])
      const { parentId } = (await list(sessionId, 'all')).find(({ id }) => id === third.questionId) ?? {}
      expect(parentId).toBe(first.answerId)
      await answered({ sessionId, message: 'four' }, 'answer four')
      expect(said(await list(sessionId, 'active'))[2]).toBe('answer three')
    })

    test('a branch is paged upwards, each message once', async () => {
      const { sessionId } = await answered({ message: '0' }, 'a0')
      for (let at = 1; at < 4; at++) await answered({ sessionId, message: `${at}` }, `a${at}`)
      await answered({ sessionId, message: 'elsewhere', parentId: null }, 'elsewhere too')
      const leaf = (await list(sessionId, 'all')).find(({ content }) => content === 'a3')?.id ?? ''
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await listMessages(open(), me, sessionId, { limit: 3, branch: leaf, ...(cursor && { cursor }) })
        seen.push(...said(page.items))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      expect(seen).toEqual(['a3', '3', 'a2', '2', 'a1', '1', 'a0', '0'])
    })

    test('another answer stands beside the first, with a run of its own, the same question and a history before it', async () => {
      const before = await answered({ message: 'before' }, 'answer before')
      const { sessionId } = before
      const run = await answered({ sessionId, message: 'why?' }, 'first')
      const result = await again(run, { model: 'other' })
      if (result.kind !== 'accepted') throw new Error('not accepted')
      expect(result.run).toMatchObject({ kind: 'regenerate', questionId: run.questionId, model: 'other', ordinal: 3 })
      const claimed = await take(open(), result.run)
      expect(claimed).toMatchObject({ question: 'why?', parentId: before.answerId })
      const end = {
        runId: claimed.id,
        attempt: claimed.attempt,
        status: 'succeeded',
        answer: answerOf('second'),
      } as const
      expect((await finishRun(open(), end))?.answer?.content).toBe('second')
      expect(await finishRun(open(), end)).toBeNull()
      const answers = (await list(sessionId, 'all')).filter(({ parentId }) => parentId === run.questionId)
      expect(said(answers)).toEqual(['second', 'first'])
      expect(answers[0]?.siblings).toEqual({ ids: [run.answerId, answers[0]?.id], index: 1 })
      expect(said(await list(sessionId, 'active'))[0]).toBe('second')
      expect(await codeOf(again({ ...run, questionId: run.answerId ?? '' }))).toBe('not_found')
      expect(
        await codeOf(
          acceptRegeneration(open(), other, {
            ...run,
            onBusy: 'enqueue',
            deadlineMs: 1,
            idempotencyKey: undefined,
            model: undefined,
            collectionIds: undefined,
          }),
        ),
      ).toBe('not_found')
      expect((await recordOf(open(), run.questionId)).map(({ action }) => action)).toContain('message.regenerate')
    })

    test('regenerations wait, are refused, limited and recognised as questions are', async () => {
      const run = await answered()
      const { sessionId } = run
      const keyed = { idempotencyKey: newId() }
      const first = await again(run, keyed)
      expect(await again(run, keyed)).toMatchObject({ created: false })
      expect(await codeOf(again(run, { ...keyed, model: 'other' }))).toBe('idempotency_conflict')
      expect(await codeOf(offer(open(), me, { ...keyed, sessionId }))).toBe('idempotency_conflict')
      expect(await again(run, { onBusy: 'reject' })).toMatchObject({ kind: 'busy' })
      expect(await codeOf(again(run, { maxUnfinishedRuns: 1 }))).toBe('too_many_runs')
      const waiting = await again(run)
      expect(waiting).toMatchObject({ run: { status: 'waiting', kind: 'regenerate' } })
      if (first.kind !== 'accepted' || waiting.kind !== 'accepted') throw new Error('not accepted')
      await complete(open(), first.run, 'second')
      expect(await settleNext(open(), sessionId)).toMatchObject({ kind: 'released', run: { id: waiting.run.id } })
      await complete(open(), await runById(open(), waiting.run.id), 'third')
      expect(await list(sessionId, 'all')).toHaveLength(4)
    })

    test('a session that is asked in again, in whatever way, leaves the archive', async () => {
      const { sessionId, questionId, answerId } = await answered()
      const ways: Record<string, () => Promise<unknown>> = {
        question: () => answered({ sessionId }),
        edit: () => answered({ sessionId, parentId: null }),
        continue: () => answered({ sessionId, parentId: answerId }),
        'question behind another': async () => {
          const first = await ask(open(), me, { sessionId })
          await updateSession(open(), me, sessionId, { archived: true })
          await ask(open(), me, { sessionId })
          await complete(open(), first)
        },
        'regenerate behind another': () => again({ sessionId, questionId }),
      }
      for (const [way, go] of Object.entries(ways)) {
        await updateSession(open(), me, sessionId, { archived: true })
        await go()
        expect([way, (await getSession(open(), me, sessionId)).archived]).toEqual([way, false])
      }
      const free = await answered()
      await updateSession(open(), me, free.sessionId, { archived: true })
      expect(await again(free)).toMatchObject({ run: { status: 'queued' } })
      expect((await getSession(open(), me, free.sessionId)).archived).toBe(false)
    })

    test('a message goes with all below it, not while a run hangs there, and its session goes on', async () => {
      const first = await answered({ message: 'one' }, 'answer one')
      const { sessionId } = first
      const second = await answered({ sessionId, message: 'two' }, 'answer two')
      const waiting = await ask(open(), me, { sessionId, message: 'three' })
      const place = { sessionId, messageId: second.questionId }
      expect(await codeOf(deleteMessage(open(), me, me, place))).toBe('session_busy')
      expect(await codeOf(deleteMessage(open(), other, other, place))).toBe('not_found')
      await complete(open(), waiting, 'answer three')
      expect(await deleteMessage(open(), me, me, place)).toBe(4)
      expect(await codeOf(deleteMessage(open(), me, me, place))).toBe('not_found')
      expect(said(await list(sessionId, 'active'))).toEqual(['answer one', 'one'])
      const next = await answered({ sessionId, message: 'four' }, 'answer four')
      expect(next.ordinal).toBe(4)
      expect(said(await list(sessionId, 'active'))).toEqual(['answer four', 'four', 'answer one', 'one'])
      await deleteMessage(open(), me, me, { sessionId, messageId: first.answerId ?? '' })
      expect(said(await list(sessionId, 'all'))).toEqual(['one'])
    })

    test('a question accepted while its place is deleted goes with it or comes too late, never in between', async () => {
      const run = await answered()
      const { sessionId } = run
      const place = { sessionId, messageId: run.answerId ?? '' }
      const [deleted, asked] = await Promise.all([
        codeOf(deleteMessage(open(), me, me, place)),
        codeOf(ask(open(), me, { sessionId, parentId: run.answerId })),
      ])
      expect([
        [undefined, 'not_found'],
        ['session_busy', undefined],
      ]).toContainEqual([deleted, asked])
    })

    test('steps, feedback, attachments and the run are in the list; what waits has no siblings', async () => {
      const { id: collectionId } = await ensureCollection(open(), me, 'docs')
      const about = { name: 'v.txt', mediaType: 'text/plain', bytes: 1, contentHash: '', indexedAs: '', text: 'text' }
      const documentId = await startDocument(open(), me, { ...about, collectionId, source: 'v' })
      expect(await codeOf(ask(open(), me, { attachments: [documentId] }))).toBe('not_found')
      await showDocument(open(), me, documentId)
      expect(await codeOf(ask(open(), other, { attachments: [documentId] }))).toBe('not_found')
      expect(await codeOf(ask(open(), me, { attachments: [documentId, newId()] }))).toBe('not_found')
      const run = await ask(open(), me, { attachments: [documentId] })
      const claimed = await take(open(), run)
      expect(claimed.attachments).toEqual([documentId])
      const { sessionId } = run
      for (const message of ['w1', 'w2']) await ask(open(), me, { sessionId, message })
      const steps = [
        { node: 'respond', title: 'Write', elapsedMs: 1.5, status: 'succeeded' as const, outputs: { characters: 2 } },
      ]
      const ended = await finishRun(open(), {
        runId: run.id,
        attempt: claimed.attempt,
        status: 'succeeded',
        answer: answerOf('so', { steps }),
      })
      const place = { sessionId, messageId: ended?.answer?.id ?? '' }
      const given = await giveFeedback(open(), me, me, {
        ...place,
        rating: 'down',
        reason: 'wrong',
        comment: 'no\u0000pe',
      })
      expect(given).toMatchObject({ rating: 'down', reason: 'wrong', comment: 'no\uFFFDpe' })
      const all = await list(sessionId, 'all')
      const question = all.find(({ id }) => id === run.questionId)
      const answer = all.find(({ id }) => id === place.messageId)
      expect(question).toMatchObject({
        attachments: [{ documentId, name: 'v.txt' }],
        run: { runId: run.id, status: 'succeeded' },
      })
      expect(answer).toMatchObject({ feedback: given, run: { runId: run.id, steps, error: null } })
      expect(answer?.run?.timings.totalMs).not.toBeNull()
      for (const message of all) expect(message.siblings).toBeUndefined()
      expect(said(await list(sessionId, 'active'))).toEqual(['so', 'why?'])

      await giveFeedback(open(), me, me, { ...place, rating: 'up' })
      const up = { up: 1, down: 0 }
      expect(await countFeedback(open(), { ...me, days: 1 })).toMatchObject({
        ...up,
        reasons: [],
        models: [{ model: 'offline', ...up }],
        days: [up],
      })
      expect(await countFeedback(open(), { tenantId: other.tenantId, days: 1 })).toMatchObject({ up: 0, down: 0 })
      expect(await codeOf(giveFeedback(open(), other, other, { ...place, rating: 'up' }))).toBe('not_found')
      expect(await codeOf(giveFeedback(open(), me, me, { sessionId, messageId: run.questionId, rating: 'up' }))).toBe(
        'not_found',
      )
      await takeBackFeedback(open(), me, me, place)
      expect((await list(sessionId, 'all')).filter(({ feedback }) => feedback)).toEqual([])
      const actions = (await recordOf(open(), place.messageId)).map(({ action }) => action)
      expect(actions.filter((action) => action.startsWith('feedback.'))).toEqual([
        'feedback.create',
        'feedback.create',
        'feedback.delete',
      ])
    })

    test('S1: nothing of another person is listed or found by any branch', async () => {
      const { sessionId, questionId } = await answered()
      for (const branch of ['all', 'active', questionId])
        expect(await codeOf(listMessages(open(), other, sessionId, { limit: 5, branch }))).toBe('not_found')
      expect(await codeOf(listMessages(open(), me, sessionId, { limit: 5, branch: newId() }))).toBe('not_found')
    })
  })

  test('what is taken back while it waits leaves no sibling', async () => {
    const store = open()
    const me = await newScope(store)
    const first = await ask(store, me)
    const second = await ask(store, me, { sessionId: first.sessionId })
    await requestCancel(store, me, second.id)
    await complete(store, first)
    const { items } = await listMessages(store, me, first.sessionId, { limit: 9 })
    expect(items.map(({ siblings }) => siblings)).toEqual([undefined, undefined, undefined])
  })
}
