import { newId, type Scope } from '@askwire/contracts'
import {
  addChunks,
  ensureCollection,
  ensureEmbeddingIndex,
  indexQuery,
  type NewChunk,
  refreshStatistics,
  type Store,
  searchDense,
  showDocument,
  startDocument,
} from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newScope } from './knowledge.suite.ts'

const SPACES = [
  { id: 'test-8', dimensions: 8 },
  { id: "test'--2500", dimensions: 2500 },
]
const CHUNKS = 3000

/** That large searches go through HNSW, also with filters that leave little, and with embedders side by side. */
export function describeIndexUse(openMigrated: () => Promise<Store>): void {
  describe('HNSW on PostgreSQL', () => {
    let store: Store
    let [few, many]: [Scope, Scope] = [] as never
    beforeAll(async () => {
      store = await openMigrated()
      few = await newScope(store)
      many = await newScope(store)
      for (const space of SPACES) await ensureEmbeddingIndex(store, space)
      await fill(store, many, SPACES[0]!, CHUNKS)
      await fill(store, few, SPACES[0]!, 30)
      await fill(store, few, SPACES[1]!, 20)
      await refreshStatistics(store)
    }, 60_000)
    afterAll(async () => await store.close())

    test.each(SPACES)('the planner uses the index of $id', async (embedder) => {
      const search = { embedder, vector: randomVector(embedder.dimensions), limit: 50, chunks: CHUNKS }
      const { sql, parameters } = indexQuery(many, search).compile(store.db)
      // Twenty vectors are compared faster than looked up; what is shown is that the index fits the query.
      const settings = embedder === SPACES[0] ? [] : ['enable_seqscan', 'enable_sort']
      expect(await planAsRole(sql, parameters, settings)).toMatch(/Index Scan using chunks_hnsw_[0-9a-f]{16} on chunks/)
    })

    test('words are looked up in the index of the postings', async () => {
      const search = 'select chunk_ord from chunk_terms where tenant_id = $1 and user_id = $2 and term = $3'
      const plan = await planAsRole(search, [many.tenantId, many.userId, 'vector'], ['enable_seqscan'])
      expect(plan).toContain('chunk_terms_postings')
      expect(plan).toMatch(/Index Cond: .*term = /)
    })

    /** As the role of the row policies, whose conditions come on top and must not cost the index. */
    async function planAsRole(text: string, values: readonly unknown[], off: string[]): Promise<string> {
      const client = await store.pool.connect()
      try {
        const ids = `set local askwire.tenant_id = '${many.tenantId}'; set local askwire.user_id = '${many.userId}'`
        await client.query(`begin; set local role askwire_app; ${ids}`)
        for (const setting of off) await client.query(`set local ${setting} = off`)
        const { rows } = await client.query(`explain ${text}`, [...values])
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      } finally {
        await client.query('rollback')
        client.release()
      }
    }

    test('a filter that leaves one in a hundred loses nothing', async () => {
      const search = { embedder: SPACES[0]!, vector: randomVector(8), limit: 20, chunks: CHUNKS }
      const exact = await searchDense(store, few, { ...search, exactUpTo: CHUNKS })
      const near = await searchDense(store, few, { ...search, exactUpTo: 0 })
      expect(near).toHaveLength(20)
      expect(near.map(({ id }) => id)).toEqual(exact.map(({ id }) => id))
    })

    test('the settings of the scan do not stay on the connection', async () => {
      await searchDense(store, few, {
        embedder: SPACES[0]!,
        vector: randomVector(8),
        limit: 5,
        chunks: 1,
        exactUpTo: 0,
      })
      const { rows } = await store.pool.query("select current_setting('hnsw.iterative_scan') as scan")
      expect(rows).toEqual([{ scan: 'off' }])
    })
  })
}

async function fill(store: Store, scope: Scope, space: (typeof SPACES)[number], count: number): Promise<void> {
  const { id: collectionId } = await ensureCollection(store, scope, 'vectors')
  const about = { name: 'v', mediaType: 'text/plain', bytes: 1, contentHash: '', indexedAs: '', text: 'vectors' }
  const documentId = await startDocument(store, scope, { ...about, collectionId, source: newId() })
  for (let at = 0; at < count; at += 500) {
    const chunks = Array.from({ length: Math.min(500, count - at) }, (_, i): NewChunk => {
      const place = { index: at + i, heading: null, page: null, startOffset: 0, endOffset: 7, text: 'vectors' }
      return { ...place, terms: new Map([['vector', 1]]), embedding: randomVector(space.dimensions) }
    })
    await addChunks(store, scope, { documentId, embedder: space.id }, chunks)
  }
  await showDocument(store, scope, documentId)
}

function randomVector(dimensions: number): number[] {
  return Array.from({ length: dimensions }, () => Math.random() - 0.5)
}
