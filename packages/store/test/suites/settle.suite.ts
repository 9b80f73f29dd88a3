import { newId } from '@askwire/contracts'
import {
  countUnpublished,
  finishRun,
  forceEnd,
  listLostLeases,
  listOverdue,
  listReleasable,
  listUnfinishedRuns,
  listUnlogged,
  listUnpublished,
  markLogged,
  markPublished,
  markTold,
  type RunRow,
  requestCancel,
  requeueAll,
  requeueLost,
  runPosition,
  settleNext,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { answerOf, ask, complete, countStatements, newScope, type Open, runById, take } from './drive.ts'

/** More than any suite leaves behind on a shared database. */
const ALL = { limit: 10_000 }
const ids = (runs: readonly RunRow[]): string[] => runs.map((run) => run.id)

export function describeSettling(open: Open): void {
  describe('settling a session', () => {
    test('gives turns in the order of acceptance, only once the end before is in the log', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const { sessionId } = first
      const [second, third] = [await ask(store, scope, { sessionId }), await ask(store, scope, { sessionId })]
      expect(await settleNext(store, sessionId)).toEqual({ kind: 'idle' })
      const { attempt } = await take(store, first)
      await finishRun(store, { runId: first.id, attempt, status: 'succeeded', answer: answerOf('one') })
      expect(await settleNext(store, sessionId)).toEqual({ kind: 'idle' })
      expect(await listReleasable(store, ALL)).not.toContain(sessionId)
      await markLogged(store, first.id)
      expect(await listReleasable(store, ALL)).toContain(sessionId)
      expect(await settleNext(store, sessionId)).toMatchObject({
        kind: 'released',
        run: { id: second.id, ordinal: 2, status: 'queued', publishedAt: null },
      })
      expect(await settleNext(store, sessionId)).toEqual({ kind: 'idle' })
      await complete(store, await runById(store, second.id))
      expect(await settleNext(store, sessionId)).toMatchObject({ kind: 'released', run: { id: third.id, ordinal: 3 } })
      await complete(store, await runById(store, third.id))
      expect(await settleNext(store, sessionId)).toEqual({ kind: 'idle' })
    })

    test('a run costs five statements from its acceptance to its end', async () => {
      const store = open()
      const scope = await newScope(store)
      const { statements } = await countStatements(store, async () => {
        const run = await ask(store, scope, { maxUnfinishedRuns: 50 })
        const { attempt } = await take(store, run)
        await finishRun(store, { runId: run.id, attempt, status: 'succeeded', answer: answerOf('so') })
        await markTold(store, [run])
      })
      expect(statements).toBe(5)
    })

    test('ends noted together name the sessions in which someone waits, and mark nothing that has not ended', async () => {
      const store = open()
      const scope = await newScope(store)
      const [alone, before, running] = [await ask(store, scope), await ask(store, scope), await ask(store, scope)]
      const next = await ask(store, scope, { sessionId: before.sessionId })
      const behind = await ask(store, scope, { sessionId: running.sessionId })
      for (const run of [alone, before, running]) {
        const { attempt } = await take(store, run)
        if (run !== running)
          await finishRun(store, { runId: run.id, attempt, status: 'succeeded', answer: answerOf('a') })
      }
      const waiting = await markTold(store, [alone, before])
      expect([...waiting]).toEqual([before.sessionId])
      expect(await settleNext(store, before.sessionId)).toMatchObject({ kind: 'released', run: { id: next.id } })
      await markTold(store, [running, next])
      expect(await settleNext(store, running.sessionId)).toEqual({ kind: 'idle' })
      for (const { id } of [running, next, behind]) expect((await runById(store, id)).loggedAt).toBeNull()
      for (const { id } of [alone, before]) expect((await runById(store, id)).loggedAt).not.toBeNull()
    })

    test('a run that ended while it waited gets its ordinal in its turn, and holds the next back until it is logged', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const { sessionId } = first
      const [second, third] = [await ask(store, scope, { sessionId }), await ask(store, scope, { sessionId })]
      expect(await requestCancel(store, scope, second.id)).toMatchObject({
        kind: 'cancelled',
        run: { ordinal: null, attempt: 0 },
      })
      expect(await settleNext(store, sessionId)).toEqual({ kind: 'idle' })
      expect(await markLogged(store, second.id)).toBe(false)
      await complete(store, first)
      expect(await settleNext(store, sessionId)).toMatchObject({ kind: 'ended', run: { id: second.id, ordinal: 2 } })
      expect(await settleNext(store, sessionId)).toEqual({ kind: 'idle' })
      expect(await markLogged(store, second.id)).toBe(true)
      expect(await settleNext(store, sessionId)).toMatchObject({ kind: 'released', run: { id: third.id, ordinal: 3 } })
    })

    test('a question that waited follows the answer it waited for; one with a parent stays there', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const { sessionId } = first
      const second = await ask(store, scope, { sessionId })
      const branch = await ask(store, scope, { sessionId, parentId: first.questionId })
      const { answerId } = await complete(store, first)
      await settleNext(store, sessionId)
      await complete(store, await runById(store, second.id))
      await settleNext(store, sessionId)
      const parentOf = async (run: RunRow): Promise<string | null> =>
        (
          await store.db
            .selectFrom('messages')
            .select('parentId')
            .where('id', '=', run.questionId)
            .executeTakeFirstOrThrow()
        ).parentId
      expect(await parentOf(second)).toBe(answerId)
      expect(await parentOf(branch)).toBe(first.questionId)
    })

    test('20 settlements at once release one run', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      for (let waiting = 0; waiting < 3; waiting++) await ask(store, scope, { sessionId: first.sessionId })
      await complete(store, first)
      const kinds = await Promise.all(
        Array.from({ length: 20 }, async () => (await settleNext(store, first.sessionId)).kind),
      )
      expect(kinds.filter((kind) => kind === 'released')).toHaveLength(1)
    })

    test('accepting, ending and settling at once leave no run behind', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const { sessionId } = first
      // Whoever ends a run settles after it, as a worker does; new questions arrive all the while.
      const endAndSettle = async (run: RunRow): Promise<void> => {
        await complete(store, run)
        const next = await settleNext(store, sessionId)
        if (next.kind === 'released') await endAndSettle(next.run)
      }
      const asking = async (): Promise<void> => {
        const run = await ask(store, scope, { sessionId })
        if (run.status === 'queued') await endAndSettle(run)
      }
      await Promise.all([endAndSettle(first), ...Array.from({ length: 25 }, asking)])
      expect(await listUnfinishedRuns(store, scope, sessionId)).toEqual([])
      const ordinals = await store.db
        .selectFrom('runs')
        .select('ordinal')
        .where('sessionId', '=', sessionId)
        .orderBy('ordinal')
        .execute()
      expect(ordinals.map((row) => row.ordinal)).toEqual(Array.from({ length: 26 }, (_, at) => at + 1))
    })
  })

  describe('the outbox', () => {
    test('lists what is queued and not published, and forgets what is', async () => {
      const store = open()
      const scope = await newScope(store)
      const [one, two] = [await ask(store, scope), await ask(store, scope)]
      await ask(store, scope, { sessionId: one.sessionId })
      const before = await countUnpublished(store)
      const mine = async (olderThanMs?: number): Promise<string[]> =>
        ids(await listUnpublished(store, olderThanMs === undefined ? ALL : { ...ALL, olderThanMs })).filter((id) =>
          [one.id, two.id].includes(id),
        )
      expect(await mine()).toEqual([one.id, two.id])
      expect(await mine(60_000)).toEqual([])
      await markPublished(store, [one.id, newId()])
      await markPublished(store, [])
      expect(await mine()).toEqual([two.id])
      expect(await countUnpublished(store)).toBe(before - 1)
      expect(await countUnpublished(store, 0)).toBe(0)
      await take(store, two)
      expect(await mine()).toEqual([])
    })
  })

  describe('mending', () => {
    test('a lost lease goes back to the outbox, unless its worker came back first', async () => {
      const store = open()
      const scope = await newScope(store)
      const [lost, alive] = [await ask(store, scope), await ask(store, scope)]
      await take(store, lost, { leaseMs: -1 })
      await take(store, alive)
      const found = await listLostLeases(store, { ...ALL, graceMs: 0 })
      expect(ids(found)).toContain(lost.id)
      expect(ids(found)).not.toContain(alive.id)
      expect(ids(await listLostLeases(store, { ...ALL, graceMs: 60_000 }))).not.toContain(lost.id)
      const seen = await runById(store, lost.id)
      await take(store, lost, { leaseMs: -1 })
      expect(await requeueLost(store, seen)).toBe(false)
      const again = await runById(store, lost.id)
      expect(await Promise.all([requeueLost(store, again), requeueLost(store, again)])).toContain(true)
      expect(await runById(store, lost.id)).toMatchObject({ status: 'queued', publishedAt: null, attempt: 2, tries: 2 })
    })

    test('the overdue are listed in every unfinished state, the running ones later', async () => {
      const store = open()
      const scope = await newScope(store)
      const queued = await ask(store, scope, { deadlineMs: -1000 })
      const waiting = await ask(store, scope, { sessionId: queued.sessionId, deadlineMs: -1000 })
      const running = await ask(store, scope)
      const fine = await ask(store, scope)
      await take(store, running)
      const past = { deadlineAt: queued.deadlineAt }
      await store.db.updateTable('runs').set(past).where('id', '=', running.id).execute()
      const mine = async (runningGraceMs: number): Promise<string[]> =>
        ids(await listOverdue(store, { ...ALL, runningGraceMs })).filter((id) =>
          [queued.id, waiting.id, running.id, fine.id].includes(id),
        )
      expect((await mine(0)).sort()).toEqual([queued.id, waiting.id, running.id].sort())
      expect((await mine(60_000)).sort()).toEqual([queued.id, waiting.id].sort())
      expect(await forceEnd(store, { runId: waiting.id, status: 'expired' })).toMatchObject({ attempt: 0 })
      expect(await forceEnd(store, { runId: queued.id, status: 'expired' })).toMatchObject({ attempt: 1 })
      expect(await mine(60_000)).toEqual([])
    })

    test('after a crash of everything, all that ran or was queued is in the outbox again, with all its tries', async () => {
      const store = open()
      const scope = await newScope(store)
      const [running, queued, ended] = [await ask(store, scope), await ask(store, scope), await ask(store, scope)]
      const waiting = await ask(store, scope, { sessionId: queued.sessionId })
      await take(store, running)
      await markPublished(store, [queued.id])
      const before = await complete(store, ended)
      expect(await requeueAll(store)).toBeGreaterThanOrEqual(2)
      expect(await runById(store, running.id)).toMatchObject({
        status: 'queued',
        attempt: 1,
        tries: 1,
        publishedAt: null,
      })
      expect(await runById(store, queued.id)).toMatchObject({ status: 'queued', publishedAt: null })
      expect(await runById(store, waiting.id)).toEqual(waiting)
      expect(await runById(store, ended.id)).toMatchObject({ status: before.status, finishedAt: before.finishedAt })
      const stale = { runId: running.id, attempt: 1, status: 'succeeded', answer: answerOf('of the dead') } as const
      expect(await finishRun(store, stale)).toBeNull()
    })

    test('an end that is not in the log is listed until it is', async () => {
      const store = open()
      const scope = await newScope(store)
      const run = await ask(store, scope)
      await requestCancel(store, scope, run.id)
      expect(ids(await listUnlogged(store, ALL))).toContain(run.id)
      expect(ids(await listUnlogged(store, { ...ALL, olderThanMs: 60_000 }))).not.toContain(run.id)
      expect(await markLogged(store, run.id)).toBe(true)
      expect(await markLogged(store, run.id)).toBe(false)
      expect(ids(await listUnlogged(store, ALL))).not.toContain(run.id)
    })
  })

  test('a position counts what comes before: of the session, and of the queue', async () => {
    const store = open()
    const scope = await newScope(store)
    const other = await ask(store, scope)
    const queued = await ask(store, scope)
    const waiting = await ask(store, scope, { sessionId: queued.sessionId })
    const last = await ask(store, scope, { sessionId: queued.sessionId })
    const base = await runPosition(store, other)
    expect(await runPosition(store, queued)).toBe(base + 1)
    expect(await runPosition(store, waiting)).toBe(base + 2)
    expect(await runPosition(store, last)).toBe(base + 3)
    await take(store, other)
    expect(await runPosition(store, await runById(store, other.id))).toBe(0)
    expect(await runPosition(store, queued)).toBe(base)
    await take(store, queued)
    // A running predecessor is still before it.
    expect(await runPosition(store, waiting)).toBe(base + 1)
    await requestCancel(store, scope, waiting.id)
    expect(await runPosition(store, last)).toBe(base + 1)
    expect(ids(await listUnfinishedRuns(store, scope, queued.sessionId))).toEqual([queued.id, last.id])
  })
}
