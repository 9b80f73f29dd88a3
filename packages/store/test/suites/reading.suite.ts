import { newId, type Scope } from '@askwire/contracts'
import {
  acceptQuestion,
  getRun,
  listMessages,
  listUnfinishedRuns,
  migrate,
  type RunRow,
  readClock,
  requestCancel,
  requireSession,
  type Store,
  settleNext,
  withLease,
  withReconcilerLock,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { ask, codeOf, complete, newScope, type Open, runById } from './drive.ts'

/** A session of `turns` answered questions: question 1, answer 1, question 2, … */
async function talk(store: Store, scope: Scope, turns: number): Promise<RunRow[]> {
  const runs: RunRow[] = []
  for (let turn = 1; turn <= turns; turn++) {
    const sessionId = runs[0]?.sessionId
    const run = await ask(store, scope, { sessionId, message: `question ${turn}` })
    runs.push(await complete(store, run, `answer ${turn}`))
  }
  return runs
}

export function describeReading(open: Open): void {
  test('the time that is read is the database’s', async () => {
    const store = open()
    const now = async (): Promise<number> => {
      const { rows } = await store.pool.query<{ at: Date }>('select clock_timestamp() as at')
      return rows[0]?.at.getTime() ?? Number.NaN
    }
    const before = await now()
    const read = await readClock(store)
    expect(read).toBeGreaterThanOrEqual(before)
    expect(read).toBeLessThanOrEqual((await now()) + 1)
  })

  describe('messages', () => {
    test('are listed newest first, page by page, each once, also while new ones arrive', async () => {
      const store = open()
      const scope = await newScope(store)
      const [first] = await talk(store, scope, 4)
      const sessionId = first?.sessionId ?? ''
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await listMessages(store, scope, sessionId, { limit: 3, cursor })
        expect(page.items.length).toBeLessThanOrEqual(3)
        seen.push(...page.items.map((message) => message.content))
        cursor = page.nextCursor ?? undefined
        if (seen.length === 3) await ask(store, scope, { sessionId, message: 'new' })
      } while (cursor)
      const turns = [4, 3, 2, 1].flatMap((turn) => [`answer ${turn}`, `question ${turn}`])
      expect(seen).toEqual(turns)
      expect((await listMessages(store, scope, sessionId, { limit: 100 })).nextCursor).toBeNull()
    })

    test.each(['', 'x', '%%%', Buffer.from('1:1').toString('base64url'), `${'9'.repeat(400)}`])(
      'a cursor %p that no page gave is an invalid request',
      async (cursor) => {
        const store = open()
        const scope = await newScope(store)
        const { sessionId } = await ask(store, scope)
        expect(await codeOf(listMessages(store, scope, sessionId, { limit: 3, cursor }))).toBe('invalid_request')
      },
    )
  })

  describe('isolation', () => {
    const reads: Record<string, (store: Store, scope: Scope, run: RunRow) => Promise<unknown>> = {
      getRun: (store, scope, run) => getRun(store, scope, run.id),
      requestCancel: (store, scope, run) => requestCancel(store, scope, run.id),
      requireSession: (store, scope, run) => requireSession(store, scope, run.sessionId),
      listMessages: (store, scope, run) => listMessages(store, scope, run.sessionId, { limit: 10 }),
      acceptQuestion: (store, scope, { sessionId }) =>
        acceptQuestion(store, scope, { message: 'mine?', onBusy: 'enqueue', deadlineMs: 1000, sessionId }),
      listUnfinishedRuns: (store, scope, run) => listUnfinishedRuns(store, scope, run.sessionId),
    }
    test.each(Object.entries(reads))('%s answers the owner and knows nothing for others', async (name, read) => {
      const store = open()
      const owner = await newScope(store)
      const run = await ask(store, owner)
      const before = await runById(store, run.id)
      const strangers = [
        await newScope(store),
        { tenantId: owner.tenantId, userId: newId() },
        { tenantId: (await newScope(store)).tenantId, userId: owner.userId },
      ]
      for (const stranger of strangers) {
        if (name === 'listUnfinishedRuns') expect(await read(store, stranger, run)).toEqual([])
        else expect(await codeOf(read(store, stranger, run))).toBe('not_found')
      }
      expect(await runById(store, run.id)).toEqual(before)
      expect(await codeOf(read(store, owner, run))).toBeUndefined()
    })
  })

  describe('a lease', () => {
    test('lets one in at a time, and the next after it', async () => {
      const store = open()
      const lease = { name: newId(), leaseMs: 10_000 }
      const inner = await withLease(store, lease, async () => await withLease(store, lease, async () => 'inner'))
      expect(inner).toEqual({ held: true, value: { held: false } })
      expect(await withLease(store, lease, async () => 'next')).toEqual({ held: true, value: 'next' })
      await expect(withLease(store, lease, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke')
      expect(await withLease(store, lease, async () => 'after')).toEqual({ held: true, value: 'after' })
    })

    test('of a dead holder ends, and a holder that lost it is told', async () => {
      const store = open()
      const lease = { name: newId(), leaseMs: 60 }
      const outcome = await withLease(store, lease, async (signal) => {
        // On a busy machine the lease may have run out by now: a thief whose own does not.
        const thief = { holder: 'thief', until: new Date(Date.now() + 3_600_000) }
        await store.db.updateTable('leases').set(thief).where('name', '=', lease.name).execute()
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        return signal.aborted
      })
      expect(outcome).toEqual({ held: true, value: true })
      await store.db
        .updateTable('leases')
        .set({ until: new Date(0) })
        .where('name', '=', lease.name)
        .execute()
      expect(await withLease(store, lease, async () => 'mine')).toEqual({ held: true, value: 'mine' })
    })

    test('does not keep the reconciler from the database, even with one connection', async () => {
      const store = open()
      const outcome = await withReconcilerLock(store, async () => {
        const { sessionId } = await ask(store, await newScope(store))
        return (await settleNext(store, sessionId)).kind
      })
      expect(outcome).toEqual({ held: true, value: 'idle' })
    })
  })

  test('migrating again, four times at once, changes nothing', async () => {
    const store = open()
    const scope = await newScope(store)
    const run = await ask(store, scope)
    await Promise.all(Array.from({ length: 4 }, () => migrate(store)))
    expect(await runById(store, run.id)).toEqual(run)
  })
}
