import type { Actor } from '@askwire/contracts'
import {
  createJob,
  eraseSessionRows,
  getSession,
  listMessages,
  openSession,
  requestSessionErase,
  requireSession,
  takeSessionsToErase,
  updateSession,
} from '@askwire/store'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ask, codeOf, complete, newActor, type Open, offer } from './drive.ts'
import { recordOf } from './people-kit.ts'
import { sessionTools } from './session-tools.ts'

/** Sessions in the trash, out of it again, and erased. */
export function describeTrash(open: Open): void {
  describe('sessions that are deleted', () => {
    let me: Actor
    let other: Actor
    beforeEach(async () => {
      me = await newActor(open())
      other = await newActor(open())
    })

    const { make, titles, act, age } = sessionTools(open, () => me)

    test('a deleted one is gone for everything but the trash, and comes back whole', async () => {
      const run = await ask(open(), me)
      const id = run.sessionId
      expect(await act('delete', id)).toEqual({ ids: [id], runIds: [run.id] })
      expect(await titles()).toEqual([])
      expect(await titles({ trash: true })).toEqual([null])
      expect((await getSession(open(), me, id)).deletedAt).not.toBeNull()
      const refused = [
        () => requireSession(open(), me, id),
        () => openSession(open(), me, id, 'view'),
        () => listMessages(open(), me, id, { limit: 5 }),
        () => updateSession(open(), me, id, { title: 'x' }),
        () => offer(open(), me, { sessionId: id }),
        () => act('delete', id),
      ]
      for (const one of refused) expect(await codeOf(one())).toBe('not_found')
      await act('restore', id)
      expect((await listMessages(open(), me, id, { limit: 5 })).items).toHaveLength(1)
      expect((await recordOf(open(), id)).map(({ action }) => action)).toEqual([
        'session.create',
        'session.delete',
        'session.restore',
      ])
    })

    test('after 30 days it can not be restored', async () => {
      const { id } = await make()
      await act('delete', id)
      await age(id, 'deleted_at', 31)
      expect(await codeOf(act('restore', id))).toBe('not_found')
    })

    test('what is due is erased: the trash, temporary ones, and what the tenant does not keep', async () => {
      await open().db.updateTable('tenants').set({ retentionDays: 10 }).where('id', '=', me.tenantId).execute()
      const [fresh, old, trash, newTrash, temporary] = [
        await make(),
        await make(),
        await make(),
        await make(),
        await make({ temporary: true }),
      ]
      const busy = await ask(open(), me)
      const theirs = await make({}, other)
      await act('delete', trash.id, newTrash.id)
      await age(trash.id, 'deleted_at', 31)
      for (const { id } of [old, { id: busy.sessionId }]) await age(id, 'updated_at', 11)
      await age(theirs.id, 'updated_at', 400)
      await age(temporary.id, 'updated_at', 1)
      const take = async () =>
        (await takeSessionsToErase(open(), { limit: 1000 }))
          .filter(({ scope }) => [me.userId, other.userId].includes(scope.userId))
          .map(({ sessionId }) => sessionId)
          .toSorted()
      const due = [old.id, trash.id, temporary.id].toSorted()
      expect(await take()).toEqual(due)
      // Nobody reaches them, and whoever died over them left them to the next.
      for (const id of due) expect(await codeOf(act('restore', id))).toBe('not_found')
      expect(await codeOf(ask(open(), me, { sessionId: old.id }))).toBe('not_found')
      expect(await take()).toEqual(due)
      for (const [times, sessions] of [1, 0].entries())
        for (const id of due)
          expect([times, await eraseSessionRows(open(), me, id, { receipt: false })]).toMatchObject([
            times,
            { sessions },
          ])
      expect(await take()).toEqual([])
      expect(await codeOf(getSession(open(), me, old.id))).toBe('not_found')
      expect(await getSession(open(), me, fresh.id)).toMatchObject({ id: fresh.id })
    })

    test('what is being erased, or has been too long in the trash, is not there to be restored', async () => {
      const [kept, erased, over] = [
        await make({ title: 'kept' }),
        await make({ title: 'x' }),
        await make({ title: 'y' }),
      ]
      await act('delete', kept.id, over.id)
      await requestSessionErase(open(), me, erased.id)
      await age(over.id, 'deleted_at', 31)
      expect(await titles({ trash: true })).toEqual(['kept'])
      for (const { id } of [erased, over]) expect(await codeOf(act('restore', kept.id, id))).toBe('not_found')
      await act('restore', kept.id)
      expect(await titles()).toEqual(['kept'])
    })

    test('archives that hold what is to be erased are gone, and one that is being written is begun anew', async () => {
      const archive = async (status: 'succeeded' | 'running' | 'queued') => {
        const { id } = await createJob(open().db, me, { kind: 'export' })
        const { id: imported } = await createJob(open().db, me, { kind: 'import' })
        for (const job of [id, imported]) {
          await sql`update jobs set status = ${status}, finished_at = case when ${status} = 'succeeded' then now() end,
            lease_until = now() + interval '1 hour', tries = 1, state = '{"after": "x"}' where id = ${job}`.execute(
            open().db,
          )
          await sql`insert into job_files (job_id, tenant_id, user_id, role, seq, data)
            values (${job}, ${me.tenantId}, ${me.userId}, ${job === id ? 'output' : 'input'}, 0, '')`.execute(open().db)
        }
        return id
      }
      const jobs = async () =>
        await open()
          .db.selectFrom('jobs')
          .select(['id', 'status', 'tries', 'state'])
          .where('userId', '=', me.userId)
          .where('kind', '=', 'export')
          .orderBy('seq')
          .execute()
      const files = async () =>
        (await open().db.selectFrom('jobFiles').select('role').where('userId', '=', me.userId).execute()).map(
          ({ role }) => role,
        )
      await open().db.updateTable('tenants').set({ retentionDays: 10 }).where('id', '=', me.tenantId).execute()
      await archive('succeeded')
      const running = await archive('running')
      // A worker died over it, and it waits to be gone on with.
      const waiting = await archive('queued')
      const [hidden, temporary, old] = [await make(), await make({ temporary: true }), await make()]
      await act('delete', hidden.id, temporary.id)
      await age(hidden.id, 'deleted_at', 31)
      expect((await takeSessionsToErase(open(), { limit: 1000 })).length).toBeGreaterThanOrEqual(2)
      expect(await jobs()).toHaveLength(3)
      await age(old.id, 'updated_at', 11)
      await takeSessionsToErase(open(), { limit: 1000 })
      expect(await jobs()).toEqual([
        { id: running, status: 'queued', tries: 0, state: null },
        { id: waiting, status: 'queued', tries: 1, state: null },
      ])
      expect(await files()).toEqual(['input', 'input', 'input'])
    })

    test('erasing takes everything along', async () => {
      const run = await ask(open(), me)
      await complete(open(), run)
      await ask(open(), me, { sessionId: run.sessionId })
      await updateSession(open(), me, run.sessionId, { activeLeafId: run.questionId, tags: ['x'] })
      expect(await eraseSessionRows(open(), me, run.sessionId, { receipt: false })).toMatchObject({ sessions: 1 })
      for (const table of ['messages', 'runs', 'session_tags']) {
        const { rows } = await sql`select from ${sql.ref(table)} where session_id = ${run.sessionId}`.execute(open().db)
        expect([table, rows.length]).toEqual([table, 0])
      }
    })
  })
}
