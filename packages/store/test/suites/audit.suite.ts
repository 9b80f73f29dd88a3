import { randomBytes } from 'node:crypto'
import { newId } from '@askwire/contracts'
import {
  type AuditKeys,
  activityStats,
  clearActivities,
  dropOldActivities,
  listActivities,
  makeActivityPartitions,
  recordActivity,
  type Store,
  sealActivities,
  verifyAudit,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { codeOf, type Open } from './drive.ts'
import { addPerson, newTeam, newTenant } from './people-kit.ts'

/** One key for everything in one database: a sealer seals what it finds, of whichever test. */
const KEYS: AuditKeys = [randomBytes(32)]

type Who = Awaited<ReturnType<typeof newTeam>>['admin']

/** The embedded database's clock has milliseconds: what is told apart by its time is made in different ones. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now()
  while (Date.now() === now) await new Promise((resolve) => setImmediate(resolve))
}

async function record(store: Store, who: Who, count = 1): Promise<void> {
  for (let at = 0; at < count; at++) {
    await nextMillisecond()
    await recordActivity(store.db, who, {
      action: 'session.create',
      targetType: 'session',
      targetId: newId(),
      after: { title: `number ${at}`, nested: { b: 1, a: [1.5, null, 'ü'] } },
    })
  }
}

async function sealAll(store: Store, keys = KEYS): Promise<void> {
  while ((await sealActivities(store, keys)).sealed > 0);
}

async function verify(store: Store, tenantId: string, keys = KEYS) {
  return (await verifyAudit(store, keys, { tenantId })).tenants[0]
}

async function idsOf(store: Store, tenantId: string): Promise<string[]> {
  const rows = await store.db
    .selectFrom('activities')
    .select('id')
    .where('tenantId', '=', tenantId)
    .orderBy('chainSeq')
    .execute()
  return rows.map(({ id }) => id)
}

const twinOf = (id: string, seq: string) => sql`
  insert into activities select ${newId()}::uuid, tenant_id, actor_id, action, target_type, target_id, address, agent, request_id,
    before, after, created_at, ${sql.raw(seq)}, hash from activities where id = ${id}::uuid`

/** What somebody with the database's password could do, and how it is seen. `entry` is the place of the entry that is named. */
const TAMPERINGS: Record<
  string,
  { problem: string; entry: number | null; tamper(store: Store, ids: string[], tenantId: string): Promise<unknown> }
> = {
  'a field is changed': {
    problem: 'changed',
    entry: 3,
    tamper: (store, ids) => sql`update activities set address = '203.0.113.9' where id = ${ids[3]}`.execute(store.db),
  },
  'a value in a change is changed': {
    problem: 'changed',
    entry: 3,
    tamper: (store, ids) =>
      sql`update activities set after = jsonb_set(after, '{nested,a,0}', '1.6') where id = ${ids[3]}`.execute(store.db),
  },
  'a time is moved by a microsecond': {
    problem: 'changed',
    entry: 3,
    tamper: (store, ids) =>
      sql`update activities set created_at = created_at + interval '1 microsecond' where id = ${ids[3]}`.execute(
        store.db,
      ),
  },
  'an entry is deleted': {
    problem: 'missing',
    entry: 4,
    tamper: (store, ids) => sql`delete from activities where id = ${ids[3]}`.execute(store.db),
  },
  'the oldest is deleted': {
    problem: 'missing',
    entry: 1,
    tamper: (store, ids) => sql`delete from activities where id = ${ids[0]}`.execute(store.db),
  },
  'the newest is deleted': {
    problem: 'cut',
    entry: null,
    tamper: (store, ids) => sql`delete from activities where id = ${ids[5]}`.execute(store.db),
  },
  'all are deleted': {
    problem: 'cut',
    entry: null,
    tamper: (store, _, tenantId) => sql`delete from activities where tenant_id = ${tenantId}`.execute(store.db),
  },
  'the newest is deleted and the head moved back': {
    problem: 'changed',
    entry: null,
    tamper: async (store, ids, tenantId) => {
      await sql`delete from activities where id = ${ids[5]}`.execute(store.db)
      await sql`
        update audit_chains set head_seq = 5, head_hash = (select hash from activities where id = ${ids[4]})
        where tenant_id = ${tenantId}`.execute(store.db)
    },
  },
  'the chain’s ends are deleted': {
    problem: 'cut',
    entry: null,
    tamper: (store, _, tenantId) => sql`delete from audit_chains where tenant_id = ${tenantId}`.execute(store.db),
  },
  'two entries change places': {
    problem: 'changed',
    entry: 3,
    tamper: (store, ids) =>
      sql`update activities set chain_seq = 7 - chain_seq where id in (${ids[2]}, ${ids[3]})`.execute(store.db),
  },
}

export function describeAudit(open: Open): void {
  describe('activities', () => {
    test('are one’s own, or a tenant’s for who reaches it, filtered, with names', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      const foreign = await newTeam(store)
      const owner = await addPerson(store, await newTenant(store), { owner: true, name: 'Olga' })
      await record(store, admin)
      await record(store, user, 2)
      await record(store, foreign.admin)
      await nextMillisecond()
      await recordActivity(
        store.db,
        { ...owner, tenantId },
        { action: 'tenant.update', targetType: 'tenant', targetId: tenantId },
      )
      const names = async (who: Who, of: 'own' | 'tenant', filter = {}, asked?: string) =>
        (await listActivities(store, who, { of, tenantId: asked }, { limit: 10, ...filter })).items.map(
          ({ action, actorName }) => `${actorName} ${action}`,
        )
      expect(await names(user, 'own')).toEqual(['Uli session.create', 'Uli session.create'])
      // An admin may not see who the owners of the installation are.
      const all = ['null tenant.update', 'Uli session.create', 'Uli session.create', 'Ada session.create']
      expect(await names(admin, 'tenant')).toEqual(all)
      expect(await names(admin, 'tenant', { actorId: user.userId })).toHaveLength(2)
      expect(await names(admin, 'tenant', { action: 'tenant.update' })).toEqual(all.slice(0, 1))
      const [newest] = (await listActivities(store, admin, { of: 'tenant' }, { limit: 1 })).items
      // Times are told in milliseconds, and several entries may share the newest one's.
      const before = await names(admin, 'tenant', { to: newest?.at })
      expect(before).toEqual(all.slice(all.length - before.length))
      expect(before.length).toBeLessThan(all.length)
      expect(await names(admin, 'tenant', { from: new Date(Date.now() + 60_000).toISOString() })).toEqual([])
      expect(await codeOf(names(admin, 'tenant', {}, foreign.tenantId))).toBe('not_found')
      expect(await names(owner, 'tenant', { limit: 1 }, tenantId)).toEqual(['Olga tenant.update'])
      expect(await names(owner, 'own')).toEqual(['Olga tenant.update'])
    })

    test('cleared are hidden from one’s own view only, and that is recorded', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      await record(store, user, 3)
      expect(await clearActivities(store, user)).toBe(3)
      const own = (await listActivities(store, user, { of: 'own' }, { limit: 10 })).items
      expect(own).toMatchObject([{ action: 'activities.clear', after: { cleared: 3 } }])
      expect((await activityStats(store, user, { of: 'own' }, 7)).total).toBe(1)
      expect((await listActivities(store, admin, { of: 'tenant' }, { limit: 10 })).items).toHaveLength(4)
      expect((await activityStats(store, admin, { of: 'tenant' }, 7)).total).toBe(4)
    })

    test('are counted by UTC day and action', async () => {
      const store = open()
      const { tenantId, admin, user } = await newTeam(store)
      await record(store, user, 2)
      const late = '2026-03-01T23:59:59.999Z'
      for (const at of [late, new Date(Date.now() - 86_400_000).toISOString()])
        await sql`
          insert into activities (id, tenant_id, actor_id, action, target_type, address, agent, request_id, created_at)
          values (${newId()}, ${tenantId}, ${admin.userId}, 'role.create', 'role', 'a', 'b', 'c', ${at})`.execute(
          store.db,
        )
      const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
      expect(await activityStats(store, admin, { of: 'tenant' }, 2)).toEqual({
        days: [
          { day: day(1), action: 'role.create', count: 1 },
          { day: day(0), action: 'session.create', count: 2 },
        ],
        total: 3,
      })
      const year = await activityStats(store, admin, { of: 'tenant' }, 366)
      if (Date.now() - Date.parse(late) < 360 * 86_400_000)
        expect(year.days[0]).toEqual({ day: '2026-03-01', action: 'role.create', count: 1 })
      expect(await activityStats(store, admin, { of: 'own' }, 1)).toEqual({ days: [], total: 0 })
    })
  })

  describe('the audit chain', () => {
    test('is whole after any number of sealers at once, and tells what is not sealed yet', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      await record(store, admin, 30)
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 0, unsealed: 30 })
      await Promise.all(Array.from({ length: 4 }, () => sealAll(store)))
      await record(store, admin, 5)
      await sealAll(store)
      await record(store, admin)
      const verified = await verify(store, tenantId)
      expect(verified).toMatchObject({ ok: true, checked: 35, unsealed: 1, problem: null, brokenAt: null })
      expect(verified?.head.seq).toBe(35)
    })

    test('is not broken by entries that commit later than their time says', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      await record(store, admin, 3)
      await sealAll(store)
      await sql`
        insert into activities (id, tenant_id, action, target_type, address, agent, request_id, created_at)
        values (${newId()}, ${tenantId}, 'role.create', 'role', 'a', 'b', 'c', now() - interval '1 minute')`.execute(
        store.db,
      )
      await sealAll(store)
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 4, unsealed: 0 })
    })

    test.each(Object.keys(TAMPERINGS))('shows it when %s', async (name) => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      await record(store, admin, 6)
      await sealAll(store)
      const ids = await idsOf(store, tenantId)
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 6 })
      const tampering = TAMPERINGS[name]
      await tampering?.tamper(store, ids, tenantId)
      const brokenAt = tampering?.entry == null ? null : ids[tampering.entry]
      if (name !== 'two entries change places')
        expect(await verify(store, tenantId)).toMatchObject({ ok: false, problem: tampering?.problem, brokenAt })
      else expect(await verify(store, tenantId)).toMatchObject({ ok: false, problem: 'changed' })
      const { ok, tenants } = await verifyAudit(store, KEYS)
      expect(ok).toBe(false)
      expect(tenants.find((tenant) => tenant.tenantId === tenantId)?.ok).toBe(false)
    })

    test.each(['chain_seq', 'chain_seq + 1', 'chain_seq + 100', 'chain_seq - 1', '0', '-1'])(
      'shows an entry inserted at %s',
      async (seq) => {
        const store = open()
        const { tenantId, admin } = await newTeam(store)
        await record(store, admin, 4)
        await sealAll(store)
        const ids = await idsOf(store, tenantId)
        await twinOf(ids[3] ?? '', seq).execute(store.db)
        expect(await verify(store, tenantId)).toMatchObject({ ok: false, problem: 'inserted' })
      },
    )

    test('that was tampered with is not sealed on', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      await record(store, admin, 4)
      await sealAll(store)
      await sql`update audit_chains set head_seq = 3 where tenant_id = ${tenantId}`.execute(store.db)
      await record(store, admin)
      expect((await sealActivities(store, KEYS)).refused).toContain(tenantId)
      expect(await verify(store, tenantId)).toMatchObject({ ok: false, unsealed: 1 })
      await store.db.deleteFrom('activities').where('tenantId', '=', tenantId).where('hash', 'is', null).execute()
    })

    test('is read with an earlier key and not with another', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      await record(store, admin, 2)
      await sealAll(store)
      const rotated: AuditKeys = [randomBytes(32), KEYS[0]]
      await record(store, admin, 2)
      await sealAll(store, rotated)
      expect(await verify(store, tenantId, rotated)).toMatchObject({ ok: true, checked: 4 })
      expect(await verify(store, tenantId, [randomBytes(32)])).toMatchObject({ ok: false, problem: 'changed' })
      await sealAll(store)
    })

    test('is bound to its tenant', async () => {
      const store = open()
      const [one, other] = [await newTeam(store), await newTeam(store)]
      for (const { admin } of [one, other]) await record(store, admin, 2)
      await sealAll(store)
      const [mine, theirs] = [await idsOf(store, one.tenantId), await idsOf(store, other.tenantId)]
      await sql`update activities set tenant_id = ${other.tenantId} where id = ${mine[1]}`.execute(store.db)
      await sql`update activities set tenant_id = ${one.tenantId} where id = ${theirs[1]}`.execute(store.db)
      for (const { tenantId } of [one, other])
        expect(await verify(store, tenantId)).toMatchObject({ ok: false, problem: 'changed' })
    })
  })
}

/** Changes the partitions that everybody writes to: on a database of its own. */
export function describeRetention(open: Open): void {
  const monthsAgo = async (store: Store, who: Who, months: number, count = 2): Promise<void> => {
    for (let at = 0; at < count; at++)
      await sql`
        insert into activities (id, tenant_id, actor_id, action, target_type, address, agent, request_id, created_at)
        values (${newId()}, ${who.tenantId}, ${who.userId}, 'role.create', 'role', 'a', 'b', 'c',
          date_trunc('month', now(), 'UTC') - make_interval(months => ${months}::int) + interval '3 days')`.execute(
        store.db,
      )
  }
  const partitions = async (store: Store): Promise<number> =>
    (await sql`select from pg_inherits where inhparent = 'activities'::regclass`.execute(store.db)).rows.length

  describe('retention', () => {
    test('drops whole months, and what is left is still a whole chain', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      const [old, middle] = [20, 5]
      await monthsAgo(store, admin, old)
      await sealAll(store)
      await monthsAgo(store, admin, middle, 3)
      await record(store, admin, 4)
      await sealAll(store)
      const made = await makeActivityPartitions(store)
      expect(made).toBeGreaterThanOrEqual(5)
      expect(await makeActivityPartitions(store)).toBe(0)
      expect(await partitions(store)).toBe(made + 1)
      const { rows } = await sql`select from activities_default`.execute(store.db)
      expect(rows).toEqual([])
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 9 })
      expect(await dropOldActivities(store, KEYS, { days: 400 })).toHaveLength(1)
      expect(await dropOldActivities(store, KEYS, { days: 400 })).toEqual([])
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 7 })
      await sql`delete from activities where id = ${(await idsOf(store, tenantId))[0]}`.execute(store.db)
      expect(await verify(store, tenantId)).toMatchObject({ ok: false, problem: 'missing' })
      await store.db.deleteFrom('activities').where('tenantId', '=', tenantId).execute()
      await store.db.deleteFrom('auditChains').where('tenantId', '=', tenantId).execute()
    })

    test('who records while months are made is not refused', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      for (let round = 0; round < 10; round++) {
        const { rows } = await sql<{ name: string }>`
          select to_char(now() at time zone 'UTC', '"activities_"YYYY_MM') as name`.execute(store.db)
        await sql`drop table if exists ${sql.table(rows[0]?.name ?? '')}`.execute(store.db)
        let made = false
        const writers = Array.from({ length: 6 }, async () => {
          while (!made) await record(store, admin)
          await record(store, admin)
        })
        const making = makeActivityPartitions(store).finally(() => {
          made = true
        })
        await Promise.all([making, ...writers])
        expect(await making).toBeGreaterThan(0)
      }
      const { rows } = await sql`select from activities_default where tenant_id = ${tenantId}`.execute(store.db)
      expect(rows).toEqual([])
      await store.db.deleteFrom('activities').where('tenantId', '=', tenantId).execute()
    })

    test('waits for what is not sealed, and for a chain that was tampered with', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      await monthsAgo(store, admin, 20)
      await makeActivityPartitions(store)
      expect(await dropOldActivities(store, KEYS, { days: 400 })).toEqual([])
      await sealAll(store)
      const move = async (by: number) =>
        await sql`update audit_chains set head_seq = head_seq + ${by} where tenant_id = ${tenantId}`.execute(store.db)
      await move(1)
      expect(await dropOldActivities(store, KEYS, { days: 400 })).toEqual([])
      await move(-1)
      expect(await dropOldActivities(store, KEYS, { days: 400 })).toHaveLength(1)
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 0 })
    })

    test('takes a month together with the next one that has an entry before its own', async () => {
      const store = open()
      const { tenantId, admin } = await newTeam(store)
      for (const months of [19, 20, 18]) {
        await monthsAgo(store, admin, months, 1)
        await sealAll(store)
      }
      await makeActivityPartitions(store)
      const { rows } = await sql<{ days: number }>`
        select extract(day from now() - (date_trunc('month', now(), 'UTC') - interval '19 months'))::int as days`.execute(
        store.db,
      )
      expect(await dropOldActivities(store, KEYS, { days: rows[0]?.days ?? 0 })).toEqual([])
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 3 })
      expect(await dropOldActivities(store, KEYS, { days: 400 })).toHaveLength(3)
      await record(store, admin)
      await sealAll(store)
      expect(await verify(store, tenantId)).toMatchObject({ ok: true, checked: 1 })
    })

    test('a role of the policies reaches no month by its own name', async () => {
      const store = open()
      await makeActivityPartitions(store)
      const { rows } = await sql<{ name: string }>`
        select relname as name from pg_inherits join pg_class on oid = inhrelid
        where inhparent = 'activities'::regclass
          and has_table_privilege('askwire_app', inhrelid, 'select, insert, update, delete')`.execute(store.db)
      expect(rows).toEqual([])
    })
  })
}
