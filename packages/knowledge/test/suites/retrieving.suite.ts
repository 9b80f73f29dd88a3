import { AppError, newId, type Scope } from '@askwire/contracts'
import { retrieve, toResources } from '@askwire/knowledge'
import type { Embedder } from '@askwire/models'
import { ensureCollection } from '@askwire/store'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { indexPassages, readQuestionSet } from '../evaluation.ts'
import { embedder, newScope, type Open } from './knowledge.suite.ts'

const signal = AbortSignal.timeout(120_000)

/** What a search promises whatever is asked. */
export function describeRetrieving(open: Open): void {
  describe('retrieve', () => {
    const set = readQuestionSet('english')
    let scope: Scope
    beforeAll(async () => {
      scope = await indexPassages({ store: open(), embedder }, set)
    }, 60_000)
    const ask = async (query: string, more: object = {}) =>
      await retrieve({ store: open(), embedder }, scope, { query, signal, ...more })

    test('every quote is a piece of its document, of at most 300 characters', async () => {
      for (const [question] of set.questions) {
        for (const { documentName, quote, text } of await ask(question)) {
          expect(set.passages[documentName]).toContain(quote)
          expect(text).toContain(quote)
          expect(quote.length).toBeGreaterThan(0)
          expect(quote.length).toBeLessThanOrEqual(300)
        }
      }
    })

    test('best first, no more than asked for, numbered from 1', async () => {
      const chunks = await ask('how does one prune roses or water tomatoes in a garden', { limit: 3 })
      expect(chunks).toHaveLength(3)
      expect(chunks.map(({ score }) => score)).toEqual(chunks.map(({ score }) => score).sort((a, b) => b - a))
      const resources = toResources(chunks)
      expect(resources.map(({ n }) => n)).toEqual([1, 2, 3])
      expect(Object.keys(resources[0] ?? {}).sort()).toEqual(
        ['chunkId', 'documentId', 'documentName', 'n', 'page', 'quote', 'score'].sort(),
      )
    })

    test.each([
      '',
      ' \n',
      '😀😀',
      '?!…',
      '的了吗',
      'the of and',
      'zyxwvut qqqq',
      '\u0000\u0001',
      '\ud800 lone',
      '量子力学是什么？',
    ])('%j finds nothing', async (query) => {
      expect(await ask(query)).toEqual([])
    })

    test.each([
      `' OR 1=1--`,
      `'; drop table chunks; --`,
      '") union select text from documents --',
      '{"$ne": null}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what is tried
      '${7*7} {{7*7}} <% %>',
      '%_%\\',
      'a & b | !c <-> d:*',
      '__proto__ constructor toString',
      '\u202Eespresso\u0000grind',
      'x'.repeat(100_000),
    ])('%.40j does no harm', async (query) => {
      const chunks = await ask(query)
      expect(chunks.length).toBeLessThanOrEqual(6)
      expect((await ask('espresso grind'))[0]?.documentName).toBe('coffee-grind')
    })

    test('a question of 100 kB is searched for by its beginning, in less than 200 ms', async () => {
      const long = `espresso grind too coarse ${'and many other words of a pasted text about nothing at all '.repeat(1700)}`
      const times: number[] = []
      for (let i = 0; i < 5; i++) {
        const started = performance.now()
        expect((await ask(long)).map(({ documentName }) => documentName)).toContain('coffee-grind')
        times.push(performance.now() - started)
      }
      expect(Math.min(...times)).toBeLessThan(200)
    })

    test('only the collections asked for are searched; none at all finds nothing', async () => {
      const passages = await ensureCollection(open(), scope, 'passages')
      const other = await ensureCollection(open(), scope, 'other')
      expect((await ask('espresso grind', { collectionIds: [passages.id] }))[0]?.documentName).toBe('coffee-grind')
      expect(await ask('espresso grind', { collectionIds: [other.id] })).toEqual([])
      expect(await ask('espresso grind', { collectionIds: [] })).toEqual([])
    })

    test.each([[[newId()]], [['*']], [["' or true"]], [['']]])(
      'unknown collection %j is not found',
      async (collectionIds) => {
        await expect(ask('espresso', { collectionIds })).rejects.toMatchObject({ code: 'not_found' })
      },
    )

    test('near-duplicates come once', async () => {
      const twice = {
        ...set,
        passages: { one: set.passages['bike-chain'] ?? '', two: `${set.passages['bike-chain']} Done.` },
      }
      const own = await indexPassages({ store: open(), embedder }, twice)
      expect(await retrieve({ store: open(), embedder }, own, { query: 'oil the bike chain', signal })).toHaveLength(1)
    })

    test('an embedder that fails costs the dense ranking only; an aborted search throws', async () => {
      const failing: Embedder = {
        ...embedder,
        embed: async () => {
          throw new AppError('model_unavailable', 'gone')
        },
      }
      const search = { query: 'espresso grind', signal }
      const chunks = await retrieve({ store: open(), embedder: failing }, scope, search)
      expect(chunks[0]?.documentName).toBe('coffee-grind')
      const aborted = { ...search, signal: AbortSignal.abort(new Error('stopped')) }
      await expect(retrieve({ store: open(), embedder }, scope, aborted)).rejects.toThrow()
    })

    test('nobody without documents finds anything', async () => {
      const stranger = await newScope(open())
      expect(await retrieve({ store: open(), embedder }, stranger, { query: 'espresso grind', signal })).toEqual([])
    })
  })
}
