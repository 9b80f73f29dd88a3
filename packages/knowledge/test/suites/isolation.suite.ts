import type { Scope } from '@askwire/contracts'
import { deleteDocument, getChunk, getDocument, listDocuments, retrieve } from '@askwire/knowledge'
import {
  addChunks,
  deleteCollection,
  ensureCollection,
  searchDense,
  searchLexical,
  showDocument,
  startDocument,
} from '@askwire/store'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { toTerms } from '../../src/to-terms.ts'
import { indexPassages, readQuestionSet } from '../evaluation.ts'
import { embedder, type Open } from './knowledge.suite.ts'

const signal = AbortSignal.timeout(120_000)

/** S4, S5: two owners with the same texts, and everything one of them might try with the other's ids. */
export function describeIsolation(open: Open): void {
  describe('isolation', () => {
    const set = readQuestionSet('english')
    let [mine, theirs]: [Scope, Scope] = [] as never
    beforeAll(async () => {
      mine = await indexPassages({ store: open(), embedder }, set)
      theirs = await indexPassages({ store: open(), embedder }, set)
    }, 60_000)

    const foreign = async (ids: string[]): Promise<number> => {
      const owned = 'select count(*)::int as n from chunks where id = any($1::uuid[]) and tenant_id <> $2'
      return (await open().pool.query(owned, [ids, mine.tenantId])).rows[0].n
    }

    test.each([
      ['all compared', 1_000_000],
      ['through HNSW', 0],
    ])('S5: the 50 nearest are mine (%s)', async (_name, exactUpTo) => {
      const all = Object.keys(set.passages).length
      for (const [question] of set.questions.slice(0, 10)) {
        const [vector = []] = await embedder.embed([question], { purpose: 'query', signal })
        const search = { embedder, vector, limit: 50, chunks: all, exactUpTo }
        const ids = (await searchDense(open(), mine, search)).map(({ id }) => id)
        // All of mine are nearer than nothing: none lost to the filter, none of theirs let in.
        expect(ids).toHaveLength(all)
        expect(await foreign(ids)).toBe(0)
      }
    })

    test('S5: the 50 best by words, and the fused ones, are mine', async () => {
      for (const [question] of set.questions.slice(0, 10)) {
        const { hits } = await searchLexical(open(), mine, { terms: toTerms(question), limit: 50 })
        const fused = await retrieve({ store: open(), embedder }, mine, { query: question, limit: 50, signal })
        const ids = [...hits.map(({ id }) => id), ...fused.map(({ chunkId }) => chunkId)]
        expect(ids.length).toBeGreaterThan(0)
        expect(await foreign(ids)).toBe(0)
      }
    })

    test("S5: rarity is counted in one's own documents", async () => {
      const { frequencies, chunks } = await searchLexical(open(), mine, { terms: ['espresso'], limit: 5 })
      expect([frequencies.get('espresso'), chunks]).toEqual([1, Object.keys(set.passages).length])
    })

    test('S4, S5: foreign ids do not exist, whatever is done with them', async () => {
      const [document] = (await listDocuments(open(), theirs, { limit: 1 })).items
      const collection = await ensureCollection(open(), theirs, 'passages')
      const [chunk] = await retrieve({ store: open(), embedder }, theirs, { query: 'espresso grind', signal })
      const id = document?.id ?? ''
      const notFound = { code: 'not_found' }
      const about = {
        name: 'x',
        source: 'coffee-grind',
        mediaType: 'text/plain',
        bytes: 1,
        contentHash: '',
        indexedAs: '',
      }
      const search = { query: 'espresso', signal, collectionIds: [collection.id] }
      await expect(retrieve({ store: open(), embedder }, mine, search)).rejects.toMatchObject(notFound)
      const own = await ensureCollection(open(), mine, 'passages')
      const mixed = { ...search, collectionIds: [own.id, collection.id] }
      await expect(retrieve({ store: open(), embedder }, mine, mixed)).rejects.toMatchObject(notFound)
      await expect(getDocument(open(), mine, id)).rejects.toMatchObject(notFound)
      await expect(getChunk(open(), mine, chunk?.documentId ?? '', chunk?.chunkId ?? '')).rejects.toMatchObject(
        notFound,
      )
      await expect(getChunk(open(), theirs, id, chunk?.chunkId ?? '')).rejects.toMatchObject(notFound)
      await expect(showDocument(open(), mine, id)).rejects.toMatchObject(notFound)
      const foreignDocument = { ...about, collectionId: collection.id, text: 'x' }
      await expect(startDocument(open(), mine, foreignDocument)).rejects.toMatchObject(notFound)
      const piece = { index: 999, heading: null, page: null, startOffset: 0, endOffset: 1, text: 'x', terms: new Map() }
      const added = addChunks(open(), mine, { documentId: id, embedder: embedder.id }, [
        { ...piece, embedding: new Array(384).fill(0.1) },
      ])
      await expect(added).rejects.toMatchObject(notFound)
      expect(await deleteDocument(open(), mine, id)).toBe(false)
      expect(await deleteCollection(open(), mine, collection.id)).toBe(false)
      expect((await getDocument(open(), theirs, id)).id).toBe(id)
    })

    test('a deleted collection leaves nothing, and nothing else goes with it', async () => {
      const scope = await indexPassages({ store: open(), embedder }, set)
      const { id } = await ensureCollection(open(), scope, 'passages')
      expect(await deleteCollection(open(), scope, id)).toBe(true)
      const { rows } = await open().pool.query(
        `select (select count(*)::int from chunks where tenant_id = $1) + (select count(*)::int from chunk_terms
          where tenant_id = $1) as gone, (select count(*)::int from chunks where tenant_id = $2) as kept`,
        [scope.tenantId, mine.tenantId],
      )
      expect(rows).toEqual([{ gone: 0, kept: Object.keys(set.passages).length }])
    })
  })
}
