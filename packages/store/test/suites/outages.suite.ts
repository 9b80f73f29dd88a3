import {
  acceptQuestion,
  asScope,
  type Database,
  migrate,
  openStore,
  requireSession,
  type Store,
  withScope,
} from '@askwire/store'
import { loopTime, startTcpProxy, type TcpProxy, waitFor } from '@askwire/testing'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type ControlledTransaction, sql } from 'kysely'
import pg from 'pg'
import { ask, codeOf, newScope, runById } from './drive.ts'

/** What a caller may wait for an answer, whatever has happened to the server. */
const BOUND_MS = 2000
/** For the test's own machinery on a busy machine. */
const SLACK_MS = 400
const HOOK_TIMEOUT_MS = 60_000
const TEST_TIMEOUT_MS = 60_000
/** For what has to succeed: no stall of the machine comes near it. */
const PATIENT = { acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 }

/** How long this process took for `work`, and the code of the error it ended with. */
async function timed(work: () => Promise<unknown>): Promise<{ code: string | undefined; ms: number }> {
  const { value: code, ms } = await loopTime(() => codeOf(work()))
  return { code, ms }
}

/** A server that goes away and comes back; `create` makes a fresh database on it. */
export function describeOutages(create: () => Promise<{ url: string; drop(): Promise<void> }>): void {
  describe('a database that goes away', () => {
    let database: { url: string; drop(): Promise<void> }
    let url: string
    let proxy: TcpProxy
    let stores: Store[]
    let store: Store
    beforeEach(async () => {
      database = await create()
      url = database.url
      const { hostname, port } = new URL(url)
      proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } })
      stores = []
      store = await openProxied(PATIENT)
      await migrate(store)
    }, HOOK_TIMEOUT_MS)
    afterEach(async () => {
      proxy.mode = 'pass'
      const left = stores.map(({ pool }) => [pool.totalCount - pool.idleCount, pool.waitingCount])
      for (const one of stores) await one.close()
      await proxy.close()
      await database.drop()
      expect(left).toEqual(stores.map(() => [0, 0]))
    }, HOOK_TIMEOUT_MS)

    async function openProxied(limits: { acquireTimeoutMs: number; statementTimeoutMs: number }): Promise<Store> {
      const opened = await openStore({ url: proxy.url(url), maxConnections: 3, ...limits })
      stores.push(opened)
      return opened
    }
    /** One that gives up within the bound, as services do; the other one is for what has to succeed. */
    const openHasty = (): Promise<Store> => openProxied({ acquireTimeoutMs: 1500, statementTimeoutMs: 1200 })

    async function recovers(one: Store): Promise<void> {
      await waitFor(() => one.ping().then(() => true), { what: 'the store answers again' })
      const scope = await newScope(store)
      await waitFor(() => ask(one, scope), { what: 'a question is taken' })
    }

    test(
      'refused: database_unavailable at once, and well again when it is back',
      async () => {
        const [hasty, scope] = [await openHasty(), await newScope(store)]
        proxy.mode = 'refuse'
        proxy.reset()
        for (let time = 0; time < 5; time++) {
          const { code, ms } = await timed(() => ask(hasty, scope))
          expect(code).toBe('database_unavailable')
          expect(ms).toBeLessThan(BOUND_MS + SLACK_MS)
        }
        proxy.mode = 'pass'
        await recovers(hasty)
      },
      TEST_TIMEOUT_MS,
    )

    test(
      'silent (a cut cable, a paused server): the same within the bound, for every caller',
      async () => {
        const [hasty, scope] = [await openHasty(), await newScope(store)]
        // Nor does a transaction under way pay twice: for its statement and for the rollback after it.
        const trx = await waitFor(() => hasty.db.startTransaction().execute(), { what: 'a transaction' })
        proxy.mode = 'blackhole'
        const underWay = async (): Promise<void> => {
          try {
            await trx.selectFrom('users').select('id').execute()
          } finally {
            await trx.rollback().execute()
          }
        }
        const { code, ms } = await timed(underWay)
        expect(code).toBe('database_unavailable')
        expect(ms).toBeLessThan(BOUND_MS + SLACK_MS)
        const outcomes = await Promise.all(Array.from({ length: 12 }, () => timed(() => ask(hasty, scope))))
        expect(outcomes.map(({ code }) => code)).toEqual(Array.from({ length: 12 }, () => 'database_unavailable'))
        expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(BOUND_MS + SLACK_MS)
        expect((await timed(() => hasty.ping())).ms).toBeLessThan(BOUND_MS + SLACK_MS)
        proxy.mode = 'pass'
        await recovers(hasty)
      },
      TEST_TIMEOUT_MS,
    )

    test(
      'connections cut while idle and inside a transaction do not end the process',
      async () => {
        const scope = await newScope(store)
        await Promise.all([store.ping(), store.ping(), store.ping()])
        const trx = await store.db.startTransaction().execute()
        await trx.selectFrom('users').select('id').execute()
        const admin = new pg.Client({ connectionString: url })
        await admin.connect()
        await admin.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        await admin.end()
        expect(await codeOf(trx.selectFrom('users').select('id').execute())).toBe('database_unavailable')
        expect(await codeOf(trx.rollback().execute())).toBe('database_unavailable')
        await recovers(store)
        expect((await runById(store, (await ask(store, scope)).id)).status).toBe('queued')
      },
      TEST_TIMEOUT_MS,
    )

    test(
      'an exhausted pool: database_unavailable within the acquire time-out',
      async () => {
        const scope = await newScope(store)
        const full = await openProxied({ ...PATIENT, acquireTimeoutMs: 1500 })
        const held: ControlledTransaction<Database>[] = []
        while (held.length < 3)
          held.push(await waitFor(() => full.db.startTransaction().execute(), { what: 'a transaction' }))
        const { code, ms } = await timed(() => ask(full, scope))
        expect(code).toBe('database_unavailable')
        expect(ms).toBeLessThan(BOUND_MS + SLACK_MS)
        await Promise.all(held.map((trx) => trx.rollback().execute()))
        await recovers(full)
      },
      TEST_TIMEOUT_MS,
    )

    test(
      'a row locked by another for long: database_unavailable, nothing half done, the connection goes on',
      async () => {
        const [hasty, scope] = [await openHasty(), await newScope(store)]
        const { sessionId } = await ask(store, scope)
        const other = new pg.Client({ connectionString: url })
        await other.connect()
        await other.query('begin')
        await other.query('select from sessions for update')
        const question = { message: 'x', sessionId, onBusy: 'enqueue', deadlineMs: 1000 } as const
        const startedAt = performance.now()
        const { code, ms } = await timed(() => acceptQuestion(hasty, scope, question))
        expect(code).toBe('database_unavailable')
        expect(ms).toBeLessThan(BOUND_MS + SLACK_MS)
        // The server has ended the statement, unless this process stood still and then found the server silent for too long.
        if (performance.now() - startedAt - ms < SLACK_MS) expect(hasty.pool.totalCount).toBe(1)
        await other.query('rollback')
        await other.end()
        expect((await ask(store, scope, { sessionId })).status).toBe('waiting')
        await recovers(hasty)
        const messages = await store.db.selectFrom('messages').select('id').where('sessionId', '=', sessionId).execute()
        expect(messages).toHaveLength(2)
      },
      TEST_TIMEOUT_MS,
    )

    test(
      'no connection comes back to the pool in the role of a scope, whatever has become of its transaction',
      async () => {
        const scope = await newScope(store)
        const { sessionId } = await ask(store, scope)
        const others = async (one: Store): Promise<unknown[]> => {
          const asked = [1, 2, 3].map(() =>
            one.db.transaction().execute(async (trx) => {
              const who = sql<{ who: string; tenant: string }>`
                select current_user <> session_user as who, current_setting('askwire.tenant_id', true) as tenant,
                  pg_sleep(0.02)::text as slept`
              return (await who.execute(trx)).rows[0]
            }),
          )
          return (await Promise.all(asked)).map((row) => [row?.who, row?.tenant || null])
        }
        const clean = [1, 2, 3].map(() => [false, null])
        const failing = (db: Parameters<Parameters<typeof withScope>[2]>[0]) => sql`select 1 / 0`.execute(db)
        // A statement that fails, alone and among others; work that fails; a failure that work makes light of.
        expect(await codeOf(failing(asScope(store, scope)))).toBe('22012')
        expect(await codeOf(withScope(store, scope, failing))).toBe('22012')
        expect(await codeOf(withScope(store, scope, async () => await Promise.reject(new Error('mine'))))).toBe(
          'Error: mine',
        )
        const swallowed = withScope(store, scope, async (db) => await failing(db).catch(() => undefined))
        await expect(swallowed).rejects.toThrow(/abort|roll/i)
        expect(await others(store)).toEqual(clean)
        // A commit that fails: the answer's run is looked for only then.
        const orphan = sql`insert into messages (id, tenant_id, user_id, session_id, run_id, role, content)
          values (gen_random_uuid(), ${scope.tenantId}::uuid, ${scope.userId}::uuid, ${sessionId}::uuid,
            gen_random_uuid(), 'user', 'x')`
        expect(await codeOf(orphan.execute(asScope(store, scope)))).toBe('23503')
        expect(await codeOf(withScope(store, scope, async (db) => await orphan.execute(db)))).toBe('23503')
        expect(await others(store)).toEqual(clean)
        // Silence in the middle: neither answer nor rollback gets through, and no such connection is used again.
        const hasty = await openHasty()
        const cut = withScope(hasty, scope, async (db) => {
          await sql`select 1`.execute(db)
          proxy.mode = 'blackhole'
          await sql`select 1`.execute(db)
        })
        expect(await codeOf(cut)).toBe('database_unavailable')
        proxy.mode = 'blackhole'
        expect(await codeOf(requireSession(hasty, scope, sessionId))).toBe('database_unavailable')
        proxy.mode = 'pass'
        await recovers(hasty)
        expect(await waitFor(() => others(hasty), { what: 'all three connections' })).toEqual(clean)
        const found = await waitFor(() => requireSession(hasty, scope, sessionId), { what: 'the session' })
        expect(found.id).toBe(sessionId)
      },
      TEST_TIMEOUT_MS,
    )

    test(
      'a statement of a scope does not wait for its begin, nor its commit for the statement',
      async () => {
        const scope = await newScope(store)
        const { sessionId } = await ask(store, scope)
        const read = (): Promise<unknown> => requireSession(store, scope, sessionId)
        const times: number[] = []
        proxy.latencyMs = 100
        const startedAt = performance.now()
        for (let time = 0; time < 4; time++) times.push((await timed(read)).ms)
        const passedMs = performance.now() - startedAt
        proxy.latencyMs = 0
        // Begin, statement and commit one after the other would be three ways there and three back. The proxy delays what comes in
        // pieces piece by piece.
        expect(passedMs / times.length).toBeGreaterThanOrEqual(200)
        expect(Math.min(...times)).toBeLessThan(550)
      },
      TEST_TIMEOUT_MS,
    )

    test('a store that was closed says so too', async () => {
      const other = await openStore({ url })
      await other.close()
      expect(await codeOf(other.ping())).toBe('database_unavailable')
    })
  })
}
