import { newId } from '@askwire/contracts'
import { acceptQuestion, renewLeases, requestCancel, runPosition } from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { ask, codeOf, complete, countStatements, newScope, type Open, offer, runById, take } from './drive.ts'

export function describeAccepting(open: Open): void {
  describe('accepting a question', () => {
    test('a first question makes its session, its message and a queued run', async () => {
      const store = open()
      const scope = await newScope(store)
      const result = await offer(store, scope, { message: 'nul \u0000 and \ud800', deadlineMs: 5000 })
      if (result.kind !== 'accepted') throw new Error(result.kind)
      const { run } = result
      expect(result).toMatchObject({ created: true, blockingRunIds: [] })
      expect(run).toMatchObject({ status: 'queued', ordinal: 1, attempt: 0, tries: 0, publishedAt: null })
      expect(run.deadlineAt.getTime() - run.createdAt.getTime()).toBeGreaterThan(4900)
      const question = await store.db
        .selectFrom('messages')
        .selectAll()
        .where('id', '=', run.questionId)
        .executeTakeFirst()
      expect(question).toMatchObject({ role: 'user', runId: run.id, parentId: null, content: 'nul \ufffd and \ufffd' })
    })

    test('is one statement in a new session, and in one that is idle', async () => {
      const store = open()
      const scope = await newScope(store)
      const limits = { maxUnfinishedRuns: 50, deadlineMs: 60_000 }
      const first = await countStatements(store, () => ask(store, scope, { ...limits, idempotencyKey: 'one' }))
      const { sessionId, answerId } = await complete(store, first.result)
      const next = await countStatements(store, () => ask(store, scope, { ...limits, sessionId }))
      await complete(store, next.result)
      const parentId = answerId ?? ''
      const branch = await countStatements(store, () => ask(store, scope, { ...limits, sessionId, parentId }))
      expect([first, next, branch].map(({ statements }) => statements)).toEqual([1, 1, 1])
      expect([first, next, branch].map(({ result }) => result.ordinal)).toEqual([1, 2, 3])
    })

    test('tells the place in the queue as it is then', async () => {
      const store = open()
      const scope = await newScope(store)
      const result = await offer(store, scope)
      if (result.kind !== 'accepted') throw new Error(result.kind)
      expect(result.position).toBe(await runPosition(store, result.run))
      const next = await offer(store, scope)
      expect(next).toMatchObject({ position: Math.min(1000, (result.position ?? 0) + 1) })
    })

    test('a question to a busy session waits, without an ordinal, and names what it waits for', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const second = await offer(store, scope, { sessionId: first.sessionId, onBusy: 'interrupt' })
      expect(second).toMatchObject({ run: { status: 'waiting', ordinal: null }, blockingRunIds: [first.id] })
      const busy = await offer(store, scope, { sessionId: first.sessionId, onBusy: 'reject' })
      expect(busy).toEqual({ kind: 'busy', runId: first.id })
    })

    test('to interrupt says in the rows of what it interrupts that they are to stop, whoever gets them', async () => {
      const store = open()
      const scope = await newScope(store)
      const running = await take(store, await ask(store, scope))
      const { sessionId } = running
      const waiting = await ask(store, scope, { sessionId })
      expect((await runById(store, waiting.id)).cancelRequestedAt).toBeNull()
      const last = await ask(store, scope, { sessionId, onBusy: 'interrupt' })
      const rows = await Promise.all([running.id, waiting.id, last.id].map((id) => runById(store, id)))
      expect(rows.map((row) => [row.status, row.cancelRequestedAt !== null])).toEqual([
        ['running', true],
        ['waiting', true],
        ['waiting', false],
      ])
      const held = await renewLeases(store, { runs: [{ runId: running.id, attempt: running.attempt }], leaseMs: 1000 })
      expect(held).toEqual([{ runId: running.id, cancelRequested: true }])
    })

    test('a session whose last end is not in the log is still busy, but blocks with no run to cancel', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      await requestCancel(store, scope, first.id)
      const second = await offer(store, scope, { sessionId: first.sessionId, onBusy: 'interrupt' })
      expect(second).toMatchObject({ run: { status: 'waiting' }, blockingRunIds: [] })
      expect(await offer(store, scope, { sessionId: first.sessionId, onBusy: 'reject' })).toMatchObject({
        kind: 'busy',
      })
    })

    test('the next question follows the answer, or the parent it names', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await complete(store, await ask(store, scope))
      const second = await complete(store, await ask(store, scope, { sessionId: first.sessionId }))
      const third = await ask(store, scope, { sessionId: first.sessionId, parentId: first.answerId ?? '' })
      const parents = await store.db
        .selectFrom('messages')
        .select(['id', 'parentId'])
        .where('id', 'in', [second.questionId, third.questionId])
        .orderBy('createdAt')
        .execute()
      expect(parents.map((row) => row.parentId)).toEqual([first.answerId, first.answerId])
      expect([second.ordinal, third.ordinal]).toEqual([2, 3])
    })

    test('a parent of another session, or none, is not found and leaves nothing behind', async () => {
      const store = open()
      const scope = await newScope(store)
      const [one, other] = [await ask(store, scope), await ask(store, scope)]
      const count = async (): Promise<number> =>
        (await store.db.selectFrom('messages').select('id').where('userId', '=', scope.userId).execute()).length
      const before = await count()
      expect(await codeOf(offer(store, scope, { sessionId: one.sessionId, parentId: other.questionId }))).toBe(
        'not_found',
      )
      expect(await codeOf(offer(store, scope, { parentId: newId() }))).toBe('not_found')
      expect(await codeOf(offer(store, scope, { sessionId: newId() }))).toBe('not_found')
      expect(await count()).toBe(before)
    })

    test('50 questions at once to one session: one is queued, the rest wait, each once', async () => {
      const store = open()
      const scope = await newScope(store)
      const { sessionId, id } = await complete(store, await ask(store, scope))
      const runs = await Promise.all(Array.from({ length: 50 }, () => ask(store, scope, { sessionId })))
      expect(runs.filter((run) => run.status === 'queued').map((run) => run.ordinal)).toEqual([2])
      expect(runs.filter((run) => run.status === 'waiting')).toHaveLength(49)
      expect(new Set(runs.map((run) => run.id)).size).toBe(50)
      const stored = await store.db.selectFrom('runs').select('id').where('sessionId', '=', sessionId).execute()
      expect(stored.map((row) => row.id).sort()).toEqual([id, ...runs.map((run) => run.id)].sort())
    })
  })

  describe('an idempotency key', () => {
    test('gives the earlier run, also once it has ended', async () => {
      const store = open()
      const scope = await newScope(store)
      const run = await ask(store, scope, { idempotencyKey: 'k' })
      expect(await offer(store, scope, { idempotencyKey: 'k' })).toMatchObject({ created: false, run: { id: run.id } })
      await complete(store, run)
      const again = await offer(store, scope, { idempotencyKey: 'k', maxUnfinishedRuns: 0, deadlineMs: 1 })
      expect(again).toMatchObject({ created: false, run: { id: run.id, status: 'succeeded' } })
    })

    test('with another request is a conflict; of another user it is another key', async () => {
      const store = open()
      const [scope, other] = [await newScope(store), await newScope(store)]
      const run = await ask(store, scope, { idempotencyKey: 'k' })
      expect(await codeOf(offer(store, scope, { idempotencyKey: 'k', message: 'else?' }))).toBe('idempotency_conflict')
      expect(await codeOf(offer(store, scope, { idempotencyKey: 'k', model: 'm' }))).toBe('idempotency_conflict')
      expect((await ask(store, other, { idempotencyKey: 'k' })).id).not.toBe(run.id)
    })

    test.each([
      { where: 'a new session', max: undefined },
      { where: 'a new session', max: 1 },
      { where: 'one session', max: undefined },
      { where: 'one session', max: 1 },
    ])('20 times at once in $where is one run (limit $max)', async ({ where, max }) => {
      const store = open()
      const scope = await newScope(store)
      const sessionId = where === 'one session' ? (await complete(store, await ask(store, scope))).sessionId : undefined
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          offer(store, scope, { sessionId, idempotencyKey: 'k', onBusy: 'reject', maxUnfinishedRuns: max }),
        ),
      )
      const accepted = results.filter((result) => result.kind === 'accepted')
      expect(accepted).toHaveLength(20)
      expect(accepted.filter((result) => result.created)).toHaveLength(1)
      expect(new Set(accepted.map((result) => result.run.id)).size).toBe(1)
      const sessions = await store.db.selectFrom('sessions').select('id').where('userId', '=', scope.userId).execute()
      expect(sessions).toHaveLength(1)
    })
  })

  describe('the limit on unfinished runs', () => {
    test('is exact when 30 come at once, in as many sessions', async () => {
      const store = open()
      const scope = await newScope(store)
      const codes = await Promise.all(
        Array.from({ length: 30 }, () => codeOf(offer(store, scope, { maxUnfinishedRuns: 5 }))),
      )
      expect(codes.filter((code) => code === undefined)).toHaveLength(5)
      expect(codes.filter((code) => code === 'too_many_runs')).toHaveLength(25)
    })

    test('counts waiting, queued and running ones, not ended ones, and only the own', async () => {
      const store = open()
      const [scope, other] = [await newScope(store), await newScope(store)]
      const first = await ask(store, scope)
      await ask(store, scope, { sessionId: first.sessionId })
      await take(store, await ask(store, scope))
      await ask(store, other)
      expect(await codeOf(offer(store, scope, { maxUnfinishedRuns: 3 }))).toBe('too_many_runs')
      await requestCancel(store, scope, first.id)
      expect(await codeOf(offer(store, scope, { maxUnfinishedRuns: 3 }))).toBeUndefined()
    })
  })

  test('a deleted session takes its messages and runs along', async () => {
    const store = open()
    const scope = await newScope(store)
    const first = await complete(store, await ask(store, scope))
    const second = await ask(store, scope, { sessionId: first.sessionId })
    await store.db.deleteFrom('sessions').where('id', '=', first.sessionId).execute()
    await expect(runById(store, second.id)).rejects.toThrow()
    const left = await store.db.selectFrom('messages').select('id').where('sessionId', '=', first.sessionId).execute()
    expect(left).toEqual([])
  })

  test('what does not name its user cannot be stored', async () => {
    const store = open()
    const scope = await newScope(store)
    const stranger = { tenantId: scope.tenantId, userId: newId() }
    await expect(
      acceptQuestion(store, stranger, { message: 'x', onBusy: 'enqueue', deadlineMs: 1000 }),
    ).rejects.toThrow(/foreign key/)
  })
}
