import { newId, type Reach, type Scope } from '@askwire/contracts'
import {
  asScope,
  deleteDocument,
  ensureOwner,
  getChunk,
  getDocument,
  getRun,
  listCollections,
  listDocuments,
  listMessages,
  listUnfinishedRuns,
  loadChunks,
  readHistory,
  requestCancel,
  requireSession,
  type Store,
  searchDense,
  searchLexical,
  withScope,
} from '@askwire/store'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type Filled, fillTables, SPACE } from '../support/fill-tables.ts'
import { withoutRowSecurity } from '../support/without-row-security.ts'
import { codeOf, newScope, type Open, offer } from './drive.ts'

/** Rows of one user each. */
const OF_USER = [
  'sessions',
  'messages',
  'runs',
  'collections',
  'documents',
  'chunks',
  'chunk_terms',
  'dead_letters',
  'logins',
  'api_tokens',
  'folders',
  'session_tags',
  'message_feedback',
  'message_summaries',
  'shares',
  'session_members',
  'jobs',
  'job_files',
  'kept_replies',
]
/** Rows that everybody of a tenant sees, and only its administrators change. */
const OF_TENANT = ['roles', 'user_groups', 'group_members']
const CLOSED = [
  'signing_keys',
  'refresh_tokens',
  'password_resets',
  'totp_enrolments',
  'backup_codes',
  'oidc_identities',
  'audit_chains',
  'leases',
  'activities_default',
  'kysely_migration',
]
const INSUFFICIENT_PRIVILEGE = '42501'

/** S4, S5: the database itself keeps users apart, should a statement forget its owner condition; and the conditions do so alone. */
export function describeRowSecurity(open: Open): void {
  describe('row security', () => {
    let [mine, colleague, theirs]: [Scope, Scope, Scope] = [] as never
    let [own, foreign]: [Filled, Filled] = [] as never
    beforeAll(async () => {
      mine = await newScope(open())
      theirs = await newScope(open())
      colleague = { tenantId: mine.tenantId, userId: newId() }
      await ensureOwner(open(), colleague)
      own = await fillTables(open(), mine, { chunks: 60 })
      await fillTables(open(), colleague)
      foreign = await fillTables(open(), theirs, { chunks: 60 })
    }, 60_000)

    const rowsAs = async <Row>(scope: Scope | Reach, statement: string): Promise<Row[]> =>
      (await sql.raw<Row>(statement).execute(asScope(open(), scope))).rows
    const owners = async (scope: Scope | Reach, table: string) =>
      await rowsAs<{ tenantId: string; userId: string }>(scope, `select distinct tenant_id, user_id from ${table}`)

    describe('without any owner condition', () => {
      test.each(OF_USER)('%s: only my rows are read', async (table) => {
        expect(await owners(mine, table)).toEqual([mine])
      })

      test.each(OF_USER)("%s: only my rows are changed, and none becomes another's", async (table) => {
        const undone = new Error('undone')
        const [own, foreign] = [
          `tenant_id = '${mine.tenantId}' and user_id = '${mine.userId}'`,
          `user_id = '${theirs.userId}'`,
        ]
        const count = async (condition: string): Promise<number> =>
          (
            await sql
              .raw<{ n: number }>(`select count(*)::int as n from ${table} where ${condition}`)
              .execute(open().db)
          ).rows[0]?.n ?? 0
        const before = { own: await count(own), foreign: await count(foreign) }
        expect(Math.min(before.own, before.foreign)).toBeGreaterThan(0)
        const deleted = withScope(open(), mine, async (db) => {
          const touched = await sql.raw(`update ${table} set tenant_id = tenant_id`).execute(db)
          expect(Number(touched.numAffectedRows)).toBe(before.own)
          const { numAffectedRows } = await sql.raw(`delete from ${table}`).execute(db)
          expect(Number(numAffectedRows)).toBe(before.own)
          throw undone
        })
        await expect(deleted).rejects.toBe(undone)
        expect(await count(foreign)).toBe(before.foreign)
        const given = `update ${table} set tenant_id = '${theirs.tenantId}', user_id = '${theirs.userId}'`
        expect(await codeOf(rowsAs(mine, given))).toBe(INSUFFICIENT_PRIVILEGE)
      })

      test.each(OF_TENANT)('%s: only rows of my tenant are read, and none is changed', async (table) => {
        expect(await rowsAs(mine, `select distinct tenant_id from ${table}`)).toEqual([{ tenantId: mine.tenantId }])
        expect(await rowsAs(mine, `update ${table} set created_at = now() returning 1`)).toEqual([])
        expect(await rowsAs(mine, `delete from ${table} returning 1`)).toEqual([])
      })

      test('users, tenants, invitations and what was done: mine', async () => {
        expect(await rowsAs(mine, 'select id from users')).toEqual([{ id: mine.userId }])
        expect(await rowsAs(mine, 'select id from tenants')).toEqual([{ id: mine.tenantId }])
        expect(await rowsAs(mine, 'select id from invitations')).toEqual([])
        expect(await rowsAs(mine, 'select distinct actor_id from activities')).toEqual([{ actorId: mine.userId }])
        const recorded = await rowsAs<{ action: string }>({ ...mine, reach: 'tenant' }, 'select action from activities')
        expect(recorded.map(({ action }) => action)).toEqual(
          expect.arrayContaining(['session.create', 'document.create']),
        )
      })

      test('a row cannot be added for somebody else', async () => {
        const session = (scope: Scope): string =>
          `insert into sessions (id, tenant_id, user_id) values ('${newId()}', '${scope.tenantId}', '${scope.userId}')`
        for (const scope of [theirs, colleague, { ...mine, userId: theirs.userId }])
          expect(await codeOf(rowsAs(mine, session(scope)))).toBe(INSUFFICIENT_PRIVILEGE)
        const activity = `insert into activities (id, tenant_id, actor_id, action, target_type, address, agent, request_id)
          values ('${newId()}', '${mine.tenantId}', '${colleague.userId}', 'x', 'x', '', '', '')`
        expect(await codeOf(rowsAs(mine, activity))).toBe(INSUFFICIENT_PRIVILEGE)
      })

      test('S5: the 50 nearest of two tenants with the same text, through HNSW, are mine', async () => {
        const nearest = `select tenant_id, user_id from chunks where embedder = '${SPACE.id}'
          order by (embedding::vector(8)) <=> '[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8]'::vector(8) limit 50`
        await withScope(open(), mine, async (db) => {
          await sql`set local enable_seqscan = off`.execute(db)
          await sql`set local enable_sort = off`.execute(db)
          await sql`select set_config('hnsw.iterative_scan', 'strict_order', true)`.execute(db)
          const plan = await sql.raw<{ 'QUERY PLAN': string }>(`explain ${nearest}`).execute(db)
          expect(JSON.stringify(plan.rows)).toContain('chunks_hnsw_')
          const { rows } = await sql.raw(nearest).execute(db)
          expect(rows).toEqual(Array.from({ length: 50 }, () => mine))
        })
      })

      test("S5: words are found and counted in one's own documents", async () => {
        const found = `select count(*)::int as n, count(distinct c.user_id)::int as owners
          from chunk_terms t join chunks c on c.ord = t.chunk_ord where t.term = 'same'`
        expect(await rowsAs(mine, found)).toEqual([{ n: 60, owners: 1 }])
      })
    })

    describe('by reach', () => {
      test('an administrator reaches the tenant, an owner the installation; questions and answers stay their users’', async () => {
        const tenant: Reach = { ...mine, reach: 'tenant' }
        const tenants = async (reach: Reach, table: string) =>
          (await rowsAs<{ tenantId: string }>(reach, `select distinct tenant_id from ${table}`)).map(
            (row) => row.tenantId,
          )
        for (const table of ['users', 'roles', 'user_groups', 'invitations', 'logins', 'api_tokens', 'activities'])
          expect([table, await tenants(tenant, table)]).toEqual([table, [mine.tenantId]])
        expect(await owners(tenant, 'logins')).toHaveLength(2)
        const installation: Reach = { ...mine, reach: 'installation' }
        for (const table of ['users', 'roles', 'invitations', 'logins', 'activities'])
          expect(await tenants(installation, table)).toEqual(expect.arrayContaining([mine.tenantId, theirs.tenantId]))
        for (const table of ['sessions', 'messages', 'documents', 'chunks'])
          expect(await owners(installation, table)).toEqual([mine])
      })

      test('a scope that is not made of ids, or that claims a reach it has not, is refused', async () => {
        const injected = { tenantId: `${mine.tenantId}'; reset role; --`, userId: mine.userId }
        expect(() => asScope(open(), injected)).toThrow('two ids')
        const forged = { ...mine, reach: "installation'; reset role; --" } as unknown as Reach
        expect(await rowsAs(forged, 'select id from users')).toEqual([{ id: mine.userId }])
      })
    })

    describe('the schema', () => {
      test('every table with an owner has row security, and a policy wherever the role may go', async () => {
        const { rows } = await sql<{
          name: string
          part: boolean
          secured: boolean
          policies: number
          reachable: boolean
        }>`
          select c.relname as name, c.relispartition as part, c.relrowsecurity as secured,
            (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
            has_any_column_privilege('askwire_app', c.oid, 'select, insert, update') as reachable
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'public' and c.relkind in ('r', 'p') and exists (
            select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`.execute(open().db)
        expect(rows.length).toBeGreaterThan(20)
        // Rows of a partition are reached through its table only, whose policies hold then.
        expect(rows.filter((row) => (row.part ? row.reachable : !row.secured))).toEqual([])
        expect(rows.filter((row) => row.reachable && row.policies === 0)).toEqual([])
      })

      test.each(CLOSED)('%s is closed to the role', async (table) => {
        expect(await codeOf(rowsAs(mine, `select * from ${table}`))).toBe(INSUFFICIENT_PRIVILEGE)
        expect(await codeOf(rowsAs(mine, `delete from ${table}`))).toBe(INSUFFICIENT_PRIVILEGE)
      })

      test('passwords, authenticator secrets and ownership are closed to it; what was recorded cannot be changed', async () => {
        const refused = [
          'select password_hash from users',
          'select totp_secret from users',
          'select * from users',
          "update users set password_hash = ''",
          'update users set owner = true',
          'update users set role_id = role_id',
          'update users set max_unfinished_runs = 10000',
          'update users set requests_per_minute = null',
          'update users set disabled_at = null',
          'update users set tenant_id = tenant_id',
          'delete from users',
          'delete from activities',
          "update activities set action = ''",
          'delete from tenants',
          'alter table sessions disable row level security',
          'truncate sessions',
        ]
        for (const statement of refused)
          expect([statement, await codeOf(rowsAs(mine, statement))]).toEqual([statement, INSUFFICIENT_PRIVILEGE])
      })

      test('the role signs in nowhere and is bound by the policies', async () => {
        const { rows } = await sql`select rolcanlogin, rolsuper, rolbypassrls from pg_roles
          where rolname = 'askwire_app'`.execute(open().db)
        expect(rows).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false }])
      })
    })

    describe.each(['with row security', 'by its owner conditions alone'])('%s', (how) => {
      const store = (): Store => (how === 'with row security' ? open() : withoutRowSecurity(open()))

      test('every function of a scope treats what is foreign as not there', async () => {
        const chunk = (await rowsAs<{ id: string }>(theirs, 'select id from chunks limit 1'))[0]?.id ?? ''
        const refused: [string, Promise<unknown>][] = [
          ['requireSession', requireSession(store(), mine, foreign.sessionId)],
          ['listMessages', listMessages(store(), mine, foreign.sessionId, { limit: 10 })],
          ['getRun', getRun(store(), mine, foreign.runId)],
          ['requestCancel', requestCancel(store(), mine, foreign.runId)],
          ['acceptQuestion', offer(store(), mine, { sessionId: foreign.sessionId })],
          ['getDocument', getDocument(store(), mine, foreign.documentId)],
          ['getChunk', getChunk(store(), mine, foreign.documentId, chunk)],
        ]
        for (const [name, call] of refused) expect([name, await codeOf(call)]).toEqual([name, 'not_found'])
        const ofForeign = `select id from messages where session_id = '${foreign.sessionId}'`
        const leafId = (await rowsAs<{ id: string }>(theirs, ofForeign))[0]?.id ?? ''
        const branch = { sessionId: foreign.sessionId, leafId, maxMessages: 9, maxChars: 999 }
        expect(await readHistory(store(), theirs, branch)).not.toEqual({ history: [] })
        expect(await readHistory(store(), mine, branch)).toEqual({ history: [] })
        expect(await deleteDocument(store(), mine, foreign.documentId)).toBe(false)
        expect(await listUnfinishedRuns(store(), mine, foreign.sessionId)).toEqual([])
        expect(await loadChunks(store(), mine, [chunk])).toEqual([])
        expect((await listDocuments(store(), mine, { limit: 10 })).items.map(({ id }) => id)).toEqual([own.documentId])
        expect((await listCollections(store(), mine)).map(({ id }) => id)).toEqual([own.collectionId])
      })

      test.each([0, 1_000_000])('S5: searches find 50 of mine (HNSW beyond %i chunks)', async (exactUpTo) => {
        const vector = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
        const dense = await searchDense(store(), mine, { embedder: SPACE, vector, limit: 50, chunks: 60, exactUpTo })
        const { hits, chunks } = await searchLexical(store(), mine, { terms: ['same'], limit: 50 })
        expect([dense.length, hits.length, chunks]).toEqual([50, 50, 60])
        const ids = [...dense, ...hits].map(({ id }) => id)
        const found = await open().db.selectFrom('chunks').select('userId').distinct().where('id', 'in', ids).execute()
        expect(found).toEqual([{ userId: mine.userId }])
      })
    })
  })
}
