import { type Actor, newId } from '@askwire/contracts'
import {
  acceptRegeneration,
  deleteQueued,
  editQueued,
  ensureOwner,
  finishRun,
  listMessages,
  listQueue,
  listUnfinishedRuns,
  markLogged,
  type RunRow,
  reorderQueue,
  runPosition,
  settleNext,
} from '@askwire/store'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { answerOf, ask, codeOf, complete, newActor, type Open, runById, take } from './drive.ts'
import { recordOf } from './people-kit.ts'

/** The questions that wait: listed, put in order, edited and deleted, against whoever gives them their turn. */
export function describeQueue(open: Open): void {
  describe('the queue of a session', () => {
    let me: Actor
    beforeEach(async () => {
      me = await newActor(open())
    })

    /** A running question and `count` that wait behind it. */
    const busy = async (count: number): Promise<{ sessionId: string; running: RunRow; waiting: RunRow[] }> => {
      const running = await ask(open(), me, { message: 'running' })
      const { sessionId } = running
      const waiting: RunRow[] = []
      for (let at = 0; at < count; at++) waiting.push(await ask(open(), me, { sessionId, message: `w${at}` }))
      return { sessionId, running, waiting }
    }
    const told = async (sessionId: string): Promise<string[]> =>
      (await listQueue(open(), me, sessionId)).map(({ message }) => message)
    const answerNext = async (sessionId: string): Promise<string> => {
      const next = await settleNext(open(), sessionId)
      if (next.kind !== 'released') throw new Error(next.kind)
      return (await complete(open(), next.run)).id
    }

    test('turns, places and positions follow the order that was chosen', async () => {
      const { sessionId, running, waiting } = await busy(4)
      const [a, b, c, d] = waiting.map(({ id }) => id) as [string, string, string, string]
      expect(await told(sessionId)).toEqual(['running', 'w0', 'w1', 'w2', 'w3'])
      await reorderQueue(open(), me, me, { sessionId, runIds: [d, b, a, c] })
      expect(await told(sessionId)).toEqual(['running', 'w3', 'w1', 'w0', 'w2'])
      await reorderQueue(open(), me, me, { sessionId, runIds: [c, d, b, a] })
      expect((await listUnfinishedRuns(open(), me, sessionId)).map(({ id }) => id)).toEqual([running.id, c, d, b, a])
      const positions = await Promise.all(
        [c, d, b, a].map(async (id) => await runPosition(open(), await runById(open(), id))),
      )
      expect(positions.map((position) => position - (positions[0] ?? 0))).toEqual([0, 1, 2, 3])
      const late = await ask(open(), me, { sessionId, message: 'late' })
      await complete(open(), running)
      const order = [await answerNext(sessionId), await answerNext(sessionId)]
      // Later ones come last, also when those before them have changed places.
      expect(await told(sessionId)).toEqual(['w1', 'w0', 'late'])
      while ((await listQueue(open(), me, sessionId)).length > 0) order.push(await answerNext(sessionId))
      expect(order).toEqual([c, d, b, a, late.id])
      const branch = (await listMessages(open(), me, sessionId, { limit: 50, branch: 'active' })).items
      expect(branch.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([
        'late',
        'w0',
        'w1',
        'w3',
        'w2',
        'running',
      ])
    })

    test('an order must name what waits, each once', async () => {
      const { sessionId, running, waiting } = await busy(2)
      const [a, b] = waiting.map(({ id }) => id) as [string, string]
      for (const runIds of [[a], [a, a], [a, b, a], [a, b, running.id], [a, newId()]])
        expect(await codeOf(reorderQueue(open(), me, me, { sessionId, runIds }))).toBe('conflict')
      const foreign = await newActor(open())
      expect(await codeOf(reorderQueue(open(), foreign, foreign, { sessionId, runIds: [a, b] }))).toBe('not_found')
      expect(await listQueue(open(), foreign, sessionId)).toEqual([])
    })

    test('what waits is edited and deleted; what has its turn is not', async () => {
      const { sessionId, running, waiting } = await busy(2)
      const [first, second] = waiting as [RunRow, RunRow]
      await editQueued(open(), me, me, { sessionId, runId: second.id, message: 'better' })
      await deleteQueued(open(), me, me, { sessionId, runId: first.id })
      expect(await told(sessionId)).toEqual(['running', 'better'])
      const gone = { sessionId, runId: first.id }
      expect(await codeOf(deleteQueued(open(), me, me, gone))).toBe('not_found')
      expect(await codeOf(editQueued(open(), me, me, { ...gone, message: 'x' }))).toBe('not_found')
      const busyRun = { sessionId, runId: running.id }
      expect(await codeOf(deleteQueued(open(), me, me, busyRun))).toBe('conflict')
      expect(await codeOf(editQueued(open(), me, me, { ...busyRun, message: 'x' }))).toBe('conflict')
      const foreign = await newActor(open())
      expect(await codeOf(deleteQueued(open(), foreign, foreign, { sessionId, runId: second.id }))).toBe('not_found')
      await complete(open(), running)
      await settleNext(open(), sessionId)
      expect((await take(open(), second)).question).toBe('better')
      const { items } = await listMessages(open(), me, sessionId, { limit: 9 })
      expect(items.map(({ content }) => content)).not.toContain('w0')
    })

    test('a waiting regeneration is deleted without its question, and cannot be edited', async () => {
      const store = open()
      const done = await complete(store, await ask(store, me))
      const { sessionId, questionId } = done
      await ask(store, me, { sessionId })
      const again = await acceptRegeneration(store, me, {
        sessionId,
        questionId,
        onBusy: 'enqueue',
        deadlineMs: 60_000,
      })
      if (again.kind !== 'accepted') throw new Error('not accepted')
      const place = { sessionId, runId: again.run.id }
      expect(await codeOf(editQueued(store, me, me, { ...place, message: 'x' }))).toBe('conflict')
      await deleteQueued(store, me, me, place)
      expect((await listMessages(store, me, sessionId, { limit: 9 })).items).toHaveLength(3)
    })

    test('a member who changes the queue of a colleague is in the record as who did it', async () => {
      const { sessionId, waiting } = await busy(1)
      const [run] = waiting as [RunRow]
      const member = { ...me, userId: newId() }
      await ensureOwner(open(), member)
      await editQueued(open(), me, member, { sessionId, runId: run.id, message: 'by a member' })
      expect(await recordOf(open(), run.questionId)).toMatchObject([{ action: 'queue.update', actorId: member.userId }])
      expect(await told(sessionId)).toEqual(['running', 'by a member'])
    })

    test('one below which something was asked stays', async () => {
      const { sessionId, waiting } = await busy(1)
      const [first] = waiting as [RunRow]
      await ask(open(), me, { sessionId, parentId: first.questionId })
      expect(await codeOf(deleteQueued(open(), me, me, { sessionId, runId: first.id }))).toBe('conflict')
      expect((await runById(open(), first.id)).status).toBe('waiting')
    })

    test('edit and delete race with the release: either it waits no more, or it was never released', async () => {
      for (let round = 0; round < 10; round++) {
        const { sessionId, running, waiting } = await busy(1)
        const [run] = waiting as [RunRow]
        const { attempt } = await take(open(), running)
        await finishRun(open(), { runId: running.id, attempt, status: 'succeeded', answer: answerOf('so') })
        await markLogged(open(), running.id)
        const place = { sessionId, runId: run.id }
        const change =
          round % 2 === 0
            ? deleteQueued(open(), me, me, place)
            : editQueued(open(), me, me, { ...place, message: 'edited' })
        const [settled, changed] = await Promise.all([settleNext(open(), sessionId), codeOf(change)])
        const queue = await told(sessionId)
        if (round % 2 === 0) {
          expect([settled.kind, changed]).toEqual(
            changed === undefined ? ['idle', undefined] : ['released', 'conflict'],
          )
          expect(queue).toEqual(changed === undefined ? [] : ['w0'])
        } else {
          expect(settled.kind).toBe('released')
          expect((await take(open(), run)).question).toBe(changed === undefined ? 'edited' : 'w0')
        }
      }
    })

    test('orders, deletions, new questions and turns at once: every run has one turn, and none is left', async () => {
      const { sessionId, running, waiting } = await busy(6)
      const { attempt } = await take(open(), running)
      await finishRun(open(), { runId: running.id, attempt, status: 'succeeded', answer: answerOf('so') })
      await markLogged(open(), running.id)
      const turns: string[] = [running.id]
      let deleted = 0
      const drain = async (): Promise<void> => {
        for (
          let next = await settleNext(open(), sessionId);
          next.kind === 'released';
          next = await settleNext(open(), sessionId)
        ) {
          turns.push(next.run.id)
          await complete(open(), next.run)
        }
      }
      const shuffle = async (): Promise<void> => {
        const runIds = (await listQueue(open(), me, sessionId))
          .filter(({ status }) => status === 'waiting')
          .map(({ runId }) => runId)
        if (runIds.length === 0) return
        const code = await codeOf(reorderQueue(open(), me, me, { sessionId, runIds: runIds.reverse() }))
        expect([undefined, 'conflict']).toContain(code)
      }
      const drop = async (run: RunRow): Promise<void> => {
        const code = await codeOf(deleteQueued(open(), me, me, { sessionId, runId: run.id }))
        if (code === undefined) deleted += 1
        else expect(code).toBe('conflict')
      }
      await Promise.all([
        drain(),
        shuffle(),
        shuffle(),
        ...waiting.slice(0, 3).map(drop),
        ask(open(), me, { sessionId }),
        shuffle(),
      ])
      await drain()
      const runs = await open()
        .db.selectFrom('runs')
        .select(['id', 'ordinal', 'status'])
        .where('sessionId', '=', sessionId)
        .orderBy('ordinal')
        .execute()
      expect(runs).toHaveLength(8 - deleted)
      expect(runs.map(({ ordinal }) => ordinal)).toEqual(runs.map((_, at) => at + 1))
      expect(runs.every(({ status }) => status === 'succeeded')).toBe(true)
      expect(new Set(turns).size).toBe(turns.length)
    })
  })
}
