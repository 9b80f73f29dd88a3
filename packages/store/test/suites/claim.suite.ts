import { newId } from '@askwire/contracts'
import { claimRun, finishRun, getAnswer, handBackRun, renewLeases, requestCancel } from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { answerOf, ask, claimOf, complete, newScope, type Open, runById, take, USAGE } from './drive.ts'

export function describeClaiming(open: Open): void {
  describe('claiming a run', () => {
    test('gives the worker everything it needs', async () => {
      const store = open()
      const scope = await newScope(store)
      const collectionIds = [newId(), newId()]
      const run = await ask(store, scope, { message: '为什么?', model: 'm', collectionIds, deadlineMs: 20_000 })
      const claimed = await take(store, run)
      expect(claimed).toMatchObject({ scope, question: '为什么?', model: 'm', collectionIds, ordinal: 1, attempt: 1 })
      expect(claimed).toMatchObject({
        questionId: run.questionId,
        sessionId: run.sessionId,
        tries: 1,
        status: 'running',
      })
      expect(claimed.remainingMs).toBeGreaterThan(15_000)
      expect(claimed.remainingMs).toBeLessThanOrEqual(20_000)
      expect(claimed.startedAt).not.toBeNull()
    })

    test('20 at once: one wins, the others are held off', async () => {
      const store = open()
      const run = await ask(store, await newScope(store))
      const kinds = await Promise.all(
        Array.from({ length: 20 }, async (_, at) => {
          return (await claimRun(store, claimOf(run.id, { workerId: `worker-${at}` }))).kind
        }),
      )
      expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1)
      expect(kinds.filter((kind) => kind === 'held')).toHaveLength(19)
      expect((await runById(store, run.id)).attempt).toBe(1)
    })

    test('a running one is taken over when delivered again, or past its lease; the first claim stays its start', async () => {
      const store = open()
      const run = await ask(store, await newScope(store))
      const first = await take(store, run)
      expect(await claimRun(store, claimOf(run.id))).toEqual({ kind: 'held' })
      const second = await take(store, run, { redelivered: true, leaseMs: -1, workerId: 'worker-2' })
      expect(second).toMatchObject({ attempt: 2, tries: 2, workerId: 'worker-2', startedAt: first.startedAt })
      const third = await take(store, run)
      expect(third).toMatchObject({ attempt: 3, tries: 3 })
    })

    test('a run that waits, has ended or is unknown is not claimed', async () => {
      const store = open()
      const scope = await newScope(store)
      const run = await ask(store, scope)
      const waiting = await ask(store, scope, { sessionId: run.sessionId })
      await complete(store, run)
      expect(await claimRun(store, claimOf(waiting.id))).toEqual({ kind: 'waiting' })
      expect(await claimRun(store, claimOf(run.id, { redelivered: true }))).toMatchObject({
        kind: 'ended',
        run: { id: run.id, status: 'succeeded' },
      })
      expect(await claimRun(store, claimOf(newId()))).toEqual({ kind: 'missing' })
    })

    test('after three tries it is failed instead, under a new attempt, once', async () => {
      const store = open()
      const run = await ask(store, await newScope(store))
      for (let attempt = 1; attempt <= 3; attempt++) await take(store, run, { redelivered: true })
      const results = await Promise.all(
        Array.from({ length: 5 }, () => claimRun(store, claimOf(run.id, { redelivered: true }))),
      )
      expect(results.filter(({ kind }) => kind === 'exhausted')).toHaveLength(1)
      expect(results.filter(({ kind }) => kind === 'ended')).toHaveLength(4)
      const after = await runById(store, run.id)
      expect(after).toMatchObject({ status: 'failed', attempt: 4, error: { code: 'attempts_exhausted' } })
    })

    test('a hand-back that does not cost leaves all its tries', async () => {
      const store = open()
      const run = await ask(store, await newScope(store))
      for (let attempt = 1; attempt <= 10; attempt++) {
        await take(store, run)
        expect(await handBackRun(store, { runId: run.id, attempt, costsTry: false })).toBe(true)
      }
      const back = await runById(store, run.id)
      expect(back).toMatchObject({ status: 'queued', attempt: 10, tries: 0, publishedAt: null, leaseUntil: null })
      const { attempt } = await take(store, run)
      await handBackRun(store, { runId: run.id, attempt, costsTry: true })
      expect(await runById(store, run.id)).toMatchObject({ tries: 1 })
    })

    test('past its deadline it is expired instead, queued or running', async () => {
      const store = open()
      const scope = await newScope(store)
      const queued = await ask(store, scope, { deadlineMs: -1 })
      expect(await claimRun(store, claimOf(queued.id))).toMatchObject({
        kind: 'overdue',
        run: { status: 'expired', attempt: 1, error: { code: 'deadline_exceeded' } },
      })
      const running = await ask(store, scope)
      await take(store, running)
      await store.db.updateTable('runs').set({ deadlineAt: running.createdAt }).where('id', '=', running.id).execute()
      expect(await claimRun(store, claimOf(running.id))).toEqual({ kind: 'held' })
      expect(await claimRun(store, claimOf(running.id, { redelivered: true }))).toMatchObject({
        kind: 'overdue',
        run: { status: 'expired', attempt: 2 },
      })
    })
  })

  describe('a lease', () => {
    test('is renewed by its attempt only, and carries the wish to stop', async () => {
      const store = open()
      const scope = await newScope(store)
      const run = await ask(store, scope)
      await take(store, run, { leaseMs: -1 })
      const lease = { runs: [{ runId: run.id, attempt: 1 }], leaseMs: 30_000 }
      expect(await renewLeases(store, lease)).toEqual([{ runId: run.id, cancelRequested: false }])
      expect(await claimRun(store, claimOf(run.id))).toEqual({ kind: 'held' })
      expect(await requestCancel(store, scope, run.id)).toMatchObject({ kind: 'running' })
      expect(await renewLeases(store, lease)).toEqual([{ runId: run.id, cancelRequested: true }])
      const taken = await take(store, run, { redelivered: true })
      expect(taken.cancelRequestedAt).not.toBeNull()
      expect(await renewLeases(store, lease)).toEqual([])
    })
  })

  test('leases are renewed together; those that were lost are left out', async () => {
    const store = open()
    const scope = await newScope(store)
    const [held, stopped, lost, ended] = [
      await ask(store, scope),
      await ask(store, scope),
      await ask(store, scope),
      await ask(store, scope),
    ]
    for (const run of [held, stopped, lost]) await take(store, run, { leaseMs: -1 })
    await complete(store, ended)
    await requestCancel(store, scope, stopped.id)
    await take(store, lost)
    const runs = [held, stopped, lost, ended].map((run) => ({ runId: run.id, attempt: 1 }))
    const renewed = await renewLeases(store, { runs, leaseMs: 30_000 })
    expect(new Map(renewed.map((run) => [run.runId, run.cancelRequested]))).toEqual(
      new Map([
        [held.id, false],
        [stopped.id, true],
      ]),
    )
    expect(await claimRun(store, claimOf(held.id))).toEqual({ kind: 'held' })
    expect(await renewLeases(store, { runs: [], leaseMs: 1 })).toEqual([])
  })

  describe('finishing a run', () => {
    test('stores the answer under the question, with usage and times', async () => {
      const store = open()
      const run = await ask(store, await newScope(store))
      await take(store, run)
      const resources = [
        { n: 1, documentId: 'd', documentName: 'a\u0000b', chunkId: 'c', page: null, score: 0.5, quote: 'q \udfff' },
      ]
      const answer = answerOf('so \u0000 [1]', { resources, model: 'm', finishReason: 'length' })
      const ended = await finishRun(store, {
        runId: run.id,
        attempt: 1,
        status: 'succeeded',
        answer,
        firstTokenMs: 250,
      })
      expect(ended?.run).toMatchObject({
        status: 'succeeded',
        answerId: ended?.answer?.id,
        usage: USAGE,
        leaseUntil: null,
      })
      const { claimedAt, firstTokenAt, finishedAt } = await runById(store, run.id)
      expect((firstTokenAt?.getTime() ?? 0) - (claimedAt?.getTime() ?? 0)).toBe(250)
      expect(finishedAt).not.toBeNull()
      expect(await getAnswer(store, run.id)).toMatchObject({
        id: ended?.answer?.id,
        parentId: run.questionId,
        role: 'assistant',
        content: 'so \ufffd [1]',
        model: 'm',
        finishReason: 'length',
        partial: false,
        usage: USAGE,
        resources: [{ documentName: 'a\ufffdb', quote: 'q \ufffd', page: null }],
      })
    })

    test('may keep a partial answer with an error, or none at all', async () => {
      const store = open()
      const scope = await newScope(store)
      const error = { code: 'agent_timeout', message: 'too slow', retryable: true } as const
      const [cut, empty] = [await ask(store, scope), await ask(store, scope)]
      await take(store, cut)
      await take(store, empty)
      const answer = answerOf('half', { partial: true, finishReason: 'error' })
      expect(
        (await finishRun(store, { runId: cut.id, attempt: 1, status: 'failed', error, answer }))?.run,
      ).toMatchObject({ status: 'failed', error })
      expect(await getAnswer(store, cut.id)).toMatchObject({ partial: true, content: 'half' })
      expect(await finishRun(store, { runId: empty.id, attempt: 1, status: 'failed', error })).toMatchObject({
        answer: null,
        run: { answerId: null },
      })
      expect(await getAnswer(store, empty.id)).toBeNull()
    })

    test('a second answer of one run cannot be stored, whoever writes it', async () => {
      const store = open()
      const run = await complete(store, await ask(store, await newScope(store)))
      const copy = store.db
        .insertInto('messages')
        .columns(['id', 'tenantId', 'userId', 'sessionId', 'runId', 'role', 'content'])
        .expression((eb) =>
          eb
            .selectFrom('messages')
            .select([
              sql<string>`gen_random_uuid()`.as('id'),
              'tenantId',
              'userId',
              'sessionId',
              'runId',
              'role',
              'content',
            ])
            .where('id', '=', run.answerId),
        )
      await expect(copy.execute()).rejects.toThrow(/messages_one_answer/)
    })
  })
}
