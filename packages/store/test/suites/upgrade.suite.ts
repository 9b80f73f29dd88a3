import { newId } from '@askwire/contracts'
import {
  asScope,
  BUILT_IN_OWNER,
  ensureBuiltInOwner,
  getDocument,
  getRun,
  listMessages,
  migrate,
  type Store,
  searchLexical,
} from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { MIGRATIONS } from '../../src/migrations/index.ts'

const LAST_BEFORE_ACCOUNTS = '0003-dead-letters'

/** That a database of the version before accounts keeps everything, and that all of it is the first account's. */
export function describeUpgrade(name: string, openEmpty: () => Promise<Store>): void {
  describe(`a database from before accounts, on ${name}`, () => {
    let store: Store
    let data: OldData
    beforeAll(async () => {
      store = await openEmpty()
      const migrator = new Migrator({
        db: store.db.withoutPlugins(),
        provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
      })
      const { error } = await migrator.migrateTo(LAST_BEFORE_ACCOUNTS)
      expect(error).toBeUndefined()
      data = await writeOldData(store)
      await migrate(store)
    }, 60_000)
    afterAll(async () => await store.close())

    test('its owner is an admin and the owner of the installation, as whom nobody has signed up yet', async () => {
      await ensureBuiltInOwner(store)
      const { rows } = await sql`
        select users.id, users.tenant_id, owner, registered_at, roles.built_in from users
        join roles on roles.id = users.role_id`.execute(store.db)
      const owner = { id: BUILT_IN_OWNER.userId, tenantId: BUILT_IN_OWNER.tenantId }
      expect(rows).toEqual([{ ...owner, owner: true, registeredAt: null, builtIn: 'admin' }])
    })

    test('everything in it is that owner’s, and read as such under the row policies', async () => {
      const { items } = await listMessages(store, BUILT_IN_OWNER, data.sessionId, { limit: 10 })
      expect(items.map(({ content }) => content)).toEqual(['asked before the upgrade'])
      expect((await getRun(store, BUILT_IN_OWNER, data.runId)).id).toBe(data.runId)
      expect((await getDocument(store, BUILT_IN_OWNER, data.documentId)).name).toBe('old.md')
      expect((await searchLexical(store, BUILT_IN_OWNER, { terms: ['old'], limit: 5 })).hits).toHaveLength(1)
      for (const table of ['sessions', 'messages', 'runs', 'dead_letters', 'collections', 'documents', 'chunks']) {
        const count = sql.raw<{ n: number }>(`select count(*)::int as n from ${table}`)
        const [all, own] = [await count.execute(store.db), await count.execute(asScope(store, BUILT_IN_OWNER))]
        expect([table, own.rows[0]?.n]).toEqual([table, all.rows[0]?.n])
        expect(all.rows[0]?.n).toBe(1)
      }
    })
  })
}

type OldData = { sessionId: string; runId: string; documentId: string }

/** In SQL, because the functions write what the newest schema has. */
async function writeOldData({ db }: Store): Promise<OldData> {
  const { tenantId, userId } = BUILT_IN_OWNER
  const [sessionId, questionId, runId, collectionId, documentId] = [newId(), newId(), newId(), newId(), newId()]
  const owner = sql`${tenantId}::uuid, ${userId}::uuid`
  await sql`insert into tenants (id, name) values (${tenantId}, 'default')`.execute(db)
  await sql`insert into users (id, tenant_id, name) values (${userId}, ${tenantId}, 'owner')`.execute(db)
  await sql`insert into sessions (id, tenant_id, user_id) values (${sessionId}, ${owner})`.execute(db)
  await sql`insert into messages (id, tenant_id, user_id, session_id, role, content)
    values (${questionId}, ${owner}, ${sessionId}, 'user', 'asked before the upgrade')`.execute(db)
  await sql`insert into runs (id, tenant_id, user_id, session_id, question_id, ordinal, status, queued_at, deadline_at,
      parent_given) values (${runId}, ${owner}, ${sessionId}, ${questionId}, 1, 'queued', now(), now(), false)`.execute(
    db,
  )
  await sql`insert into dead_letters (id, fingerprint, tenant_id, user_id, session_id, run_id, reason, body, body_bytes)
    values (${newId()}, 'f', ${owner}, ${sessionId}, ${runId}, 'rejected', 'x', 1)`.execute(db)
  await sql`insert into collections (id, tenant_id, user_id, name) values (${collectionId}, ${owner}, 'docs')`.execute(
    db,
  )
  await sql`insert into documents (id, tenant_id, user_id, collection_id, name, source, media_type, bytes, content_hash,
      indexed_as, text, chunk_count, term_count, visible)
    values (${documentId}, ${owner}, ${collectionId}, 'old.md', 'old.md', 'text/markdown', 3, '', '', 'old', 1, 1, true)`.execute(
    db,
  )
  await sql`with chunk as (
      insert into chunks (id, tenant_id, user_id, document_id, collection_id, index, start_offset, end_offset, text, length)
      values (${newId()}, ${owner}, ${documentId}, ${collectionId}, 0, 0, 3, 'old', 1) returning ord)
    insert into chunk_terms (tenant_id, user_id, document_id, chunk_ord, length, tf, term)
    select ${owner}, ${documentId}::uuid, ord, 1, 1, 'old' from chunk`.execute(db)
  return { sessionId, runId, documentId }
}
