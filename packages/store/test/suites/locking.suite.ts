import { newId } from '@askwire/contracts'
import { finishRun, markTold, renewLeases, type Store, settleNext } from '@askwire/store'
import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { answerOf, ask, complete, newScope, type Open, runById, take } from './drive.ts'

/** Resolves when a statement of this database waits for a lock. */
async function someoneWaits(store: Store): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await sql<{ waits: boolean }>`
        select exists (select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock') as waits`.execute(store.db)
      return rows[0]?.waits
    },
    { what: 'a statement that waits for a lock' },
  )
}

/**
 * Races played in a fixed order: one side stops in the middle of its transaction, the other is seen to wait for it. Needs several
 * connections.
 */
export function describeLocking(open: Open): void {
  describe('two at once, in the worst order', () => {
    test('a settlement sees the question that is being accepted as waiting', async () => {
      const store = open()
      const scope = await newScope(store)
      const { sessionId } = await complete(store, await ask(store, scope))
      const blocker = await ask(store, scope, { sessionId })
      const waiting = await ask(store, scope, { sessionId })
      await complete(store, blocker)
      // The waiting run as if its acceptance had not been committed yet.
      const accepting = await store.db.startTransaction().execute()
      await accepting.selectFrom('sessions').select('id').where('id', '=', sessionId).forNoKeyUpdate().execute()
      const template = await runById(store, waiting.id)
      const copy = { ...template, id: newId() }
      const { seq: _seq, ...values } = copy
      await store.db.deleteFrom('runs').where('id', '=', waiting.id).execute()
      await accepting.insertInto('runs').values(values).execute()
      const settled = settleNext(store, sessionId)
      await someoneWaits(store)
      await accepting.commit().execute()
      expect(await settled).toMatchObject({ kind: 'released', run: { id: copy.id } })
    })

    test('a question to an idle session waits behind the one that is just being accepted there', async () => {
      const store = open()
      const scope = await newScope(store)
      const { sessionId } = await complete(store, await ask(store, scope))
      const first = await ask(store, scope, { sessionId })
      expect(first).toMatchObject({ status: 'queued', ordinal: 2 })
      // The first one as if its acceptance had not been committed yet.
      const { seq: _seq, ...values } = await runById(store, first.id)
      await store.db.deleteFrom('runs').where('id', '=', first.id).execute()
      await store.db.updateTable('sessions').set({ lastOrdinal: 1 }).where('id', '=', sessionId).execute()
      const accepting = await store.db.startTransaction().execute()
      const taken = { lastOrdinal: 2, updatedAt: new Date() }
      await accepting.updateTable('sessions').set(taken).where('id', '=', sessionId).execute()
      await accepting.insertInto('runs').values(values).execute()
      const second = ask(store, scope, { sessionId })
      await someoneWaits(store)
      await accepting.commit().execute()
      expect(await second).toMatchObject({ status: 'waiting', ordinal: null })
    })

    test('it does so too when that one was told to wait, for a run whose end has been noted since', async () => {
      const store = open()
      const scope = await newScope(store)
      const ended = await ask(store, scope)
      const { sessionId } = ended
      const waiting = await ask(store, scope, { sessionId })
      await complete(store, ended)
      // The waiting run as if its acceptance had not been committed yet.
      const { seq: _seq, ...values } = await runById(store, waiting.id)
      await store.db.deleteFrom('runs').where('id', '=', waiting.id).execute()
      const accepting = await store.db.startTransaction().execute()
      await accepting.updateTable('sessions').set({ updatedAt: new Date() }).where('id', '=', sessionId).execute()
      await accepting.insertInto('runs').values(values).execute()
      const second = ask(store, scope, { sessionId })
      await someoneWaits(store)
      await accepting.commit().execute()
      expect(await second).toMatchObject({ status: 'waiting' })
      expect(await settleNext(store, sessionId)).toMatchObject({
        kind: 'released',
        run: { id: waiting.id, ordinal: 2 },
      })
    })

    test('a question accepted as waiting while the end it waits for is noted is found by its own settlement', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const { sessionId } = first
      const { attempt } = await take(store, first)
      await finishRun(store, { runId: first.id, attempt, status: 'succeeded', answer: answerOf('so') })
      const waiting = await ask(store, scope, { sessionId })
      const { seq: _seq, ...values } = await runById(store, waiting.id)
      await store.db.deleteFrom('runs').where('id', '=', waiting.id).execute()
      const accepting = await store.db.startTransaction().execute()
      await accepting.insertInto('runs').values(values).execute()
      expect([...(await markTold(store, [first]))]).toEqual([])
      await accepting.commit().execute()
      expect(await settleNext(store, sessionId)).toMatchObject({ kind: 'released', run: { id: waiting.id } })
    })

    test('a run cancelled while it is given its turn stays cancelled', async () => {
      const store = open()
      const scope = await newScope(store)
      const first = await ask(store, scope)
      const { sessionId } = first
      const waiting = await ask(store, scope, { sessionId })
      await complete(store, first)
      const cancelling = await store.db.startTransaction().execute()
      // What `requestCancel` does, not committed yet.
      const ended = { status: 'cancelled', finishedAt: sql<Date>`clock_timestamp()` } as const
      await cancelling.updateTable('runs').set(ended).where('id', '=', waiting.id).execute()
      const settled = settleNext(store, sessionId)
      await someoneWaits(store)
      await cancelling.commit().execute()
      expect(await settled).toMatchObject({ kind: 'ended', run: { id: waiting.id, status: 'cancelled', ordinal: 2 } })
    })

    test('an answer committed late, behind a cancel, is refused whole', async () => {
      const store = open()
      const scope = await newScope(store)
      const run = await ask(store, scope)
      await take(store, run)
      const other = await store.db.startTransaction().execute()
      await other
        .updateTable('runs')
        .set({ status: 'cancelled', attempt: 2, finishedAt: new Date(), leaseUntil: null })
        .where('id', '=', run.id)
        .execute()
      const late = finishRun(store, { runId: run.id, attempt: 1, status: 'succeeded', answer: answerOf('late') })
      const renewed = renewLeases(store, { runs: [{ runId: run.id, attempt: 1 }], leaseMs: 1000 })
      await someoneWaits(store)
      await other.commit().execute()
      expect(await late).toBeNull()
      expect(await renewed).toEqual([])
    })

    test('an answer is stored while a question is being accepted in its session', async () => {
      const store = open()
      const scope = await newScope(store)
      const run = await ask(store, scope)
      await take(store, run)
      const accepting = await store.db.startTransaction().execute()
      await accepting.selectFrom('sessions').select('id').where('id', '=', run.sessionId).forNoKeyUpdate().execute()
      const ended = await finishRun(store, {
        runId: run.id,
        attempt: 1,
        status: 'succeeded',
        answer: answerOf('no wait'),
      })
      expect(ended?.run.status).toBe('succeeded')
      await accepting.rollback().execute()
    })
  })
}
