import type { Actor, SearchQuery } from '@askwire/contracts'
import {
  asScope,
  changeSessions,
  createFolder,
  createSession,
  type Store,
  searchMessages,
  updateSession,
} from '@askwire/store'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { withoutRowSecurity } from '../support/without-row-security.ts'
import { ask, codeOf, complete, newActor, newScope, type Open } from './drive.ts'

/** Full text search over one's own questions, answers and titles. */
export function describeSearch(open: Open): void {
  describe('search', () => {
    let me: Actor
    beforeEach(async () => {
      me = await newActor(open())
    })

    const find = async (q: string, more: Partial<SearchQuery> = {}, store: Store = open(), who: Actor = me) =>
      await searchMessages(store, who, { q, limit: 20, ...more })
    const texts = async (q: string, more: Partial<SearchQuery> = {}) =>
      (await find(q, more)).items.map(({ snippet }) => snippet).toSorted()
    const marked = async (q: string) =>
      (await find(q)).items.map(({ snippet, highlights }) =>
        highlights.map(({ start, end }) => snippet.slice(start, end)).join('|'),
      )
    const tell = async (question: string, answer: string, who = me) => {
      const run = await ask(open(), who, { message: question })
      await complete(open(), run, answer)
      return run
    }

    test('finds questions, answers and titles by their words, in any form, and marks them', async () => {
      const run = await tell('How are indexes running?', 'An INDEX runs well.')
      const { id } = await createSession(open(), me, { title: 'Running an index', temporary: false })
      const { items } = await find('runs index')
      expect(items).toHaveLength(3)
      expect(items.find(({ kind }) => kind === 'title')).toMatchObject({ sessionId: id, messageId: null, role: null })
      expect(items.find(({ role }) => role === 'user')).toMatchObject({
        ...{ kind: 'message', sessionId: run.sessionId, messageId: run.questionId },
        snippet: 'How are indexes running?',
        highlights: [
          { start: 8, end: 15 },
          { start: 16, end: 23 },
        ],
      })
      expect((await marked('runs index')).toSorted()).toEqual(['INDEX|runs', 'Running|index', 'indexes|running'])
    })

    test('words, phrases, alternatives and what must be absent', async () => {
      await tell('red green blue', 'green red')
      await tell('blue sky', 'yellow sun')
      expect(await texts('red green')).toEqual(['green red', 'red green blue'])
      expect(await texts('"red green"')).toEqual(['red green blue'])
      expect(await texts('"red green" -blue')).toEqual([])
      expect(await texts('green -blue')).toEqual(['green red'])
      expect(await texts('yellow OR sky')).toEqual(['blue sky', 'yellow sun'])
      expect(await texts('purple')).toEqual([])
    })

    test('Chinese: words of any length, with what stands beside them', async () => {
      await tell('PostgreSQL数据库怎么备份？', '使用数据快照，再恢复。')
      await tell('一只猫', '没有')
      expect(await texts('数据库')).toEqual(['PostgreSQL数据库怎么备份？'])
      expect(await marked('数据库')).toEqual(['数据库'])
      expect(await texts('数据')).toHaveLength(2)
      expect(await texts('postgresql 备份')).toEqual(['PostgreSQL数据库怎么备份？'])
      expect(await marked('postgresql备份')).toEqual(['PostgreSQL|备份'])
      expect(await texts('猫')).toEqual(['一只猫'])
      expect(await texts('数据 -快照')).toEqual(['PostgreSQL数据库怎么备份？'])
    })

    test('any text at all is a search', async () => {
      await tell("it's a 'quoted' thing", '\\ & | ! ( ) : * <-> %')
      const odd = [
        '"',
        `'`,
        `''`,
        '"unclosed',
        '-',
        '--',
        '-"',
        'OR',
        'OR OR thing',
        'thing OR',
        'a:b',
        'x:*',
        '(((',
        '& | !',
        '<->',
        '\\',
        '%',
        '😀',
        "u:0' or '1",
        '数"据',
        '-猫',
        'the',
        'it is the',
        '$1',
        `${'a '.repeat(249)}b`,
        '猫'.repeat(500),
      ]
      for (const q of odd) expect([q, await codeOf(find(q))]).toEqual([q, undefined])
      expect(await texts(`'quoted'`)).toHaveLength(1)
      expect(await texts('-thing')).toEqual([])
      expect(await texts('the')).toEqual([])
    })

    test('filters', async () => {
      const run = await tell('a marker question', 'a marker answer')
      const other = await tell('another marker', 'nothing')
      const folder = await createFolder(open(), me, { name: 'F' })
      await updateSession(open(), me, run.sessionId, { tags: ['Tag'], folderId: folder.id, title: 'marker title' })
      await updateSession(open(), me, other.sessionId, { archived: true })
      const later = new Date(Date.now() + 3_600_000).toISOString()
      expect(await texts('marker')).toHaveLength(4)
      expect(await texts('marker', { role: 'assistant' })).toEqual(['a marker answer'])
      expect(await texts('marker', { tag: 'tAG' })).toHaveLength(3)
      expect(await texts('marker', { folderId: folder.id })).toHaveLength(3)
      expect(await texts('marker', { archived: true })).toEqual(['another marker'])
      expect(await texts('marker', { archived: false })).toHaveLength(3)
      expect(await texts('marker', { from: later })).toEqual([])
      expect(await texts('marker', { to: later })).toHaveLength(4)
    })

    test('nothing in the trash, nothing temporary, nothing foreign', async () => {
      const deleted = await tell('marker deleted', 'marker')
      await changeSessions(open(), me, { action: 'delete', ids: [deleted.sessionId] })
      const { id: sessionId } = await createSession(open(), me, { title: 'marker', temporary: true })
      await ask(open(), me, { message: 'marker temporary', sessionId })
      const colleague: Actor = { ...me, userId: (await newScope(open())).userId }
      const stranger = { ...me, ...(await newScope(open())) }
      await tell('marker foreign', 'marker', stranger)
      for (const store of [open(), withoutRowSecurity(open())])
        for (const who of [me, colleague]) expect((await find('marker', {}, store, who)).items).toEqual([])
      expect((await find(`u:${stranger.userId} marker OR u:${stranger.userId}`)).items).toEqual([])
      expect((await find('marker', {}, open(), stranger)).items).toHaveLength(2)
      await changeSessions(open(), me, { action: 'restore', ids: [deleted.sessionId] })
      expect((await find('marker')).items).toHaveLength(2)
    })

    test('nobody without a scope finds anything', async () => {
      await tell('marker', 'marker')
      const { rows } =
        await sql`select * from askwire_search('marker', 'marker', null, null, null, null, null, null, null,
        null, null, 10)`.execute(open().db)
      expect(rows).toEqual([])
    })

    test('pages hold each hit once, best first, whatever is written meanwhile', async () => {
      for (let at = 0; at < 7; at += 1) await tell(`marker ${'word '.repeat(at)}`, `marker number ${at}`)
      const seen: string[] = []
      const scores: number[] = []
      let cursor: string | undefined
      do {
        const page = await find('marker', { limit: 3, ...(cursor !== undefined && { cursor }) })
        seen.push(...page.items.map(({ messageId }) => messageId ?? ''))
        scores.push(...page.items.map(({ score }) => score))
        cursor = page.nextCursor ?? undefined
        await tell('marker marker marker', 'marker')
      } while (cursor !== undefined)
      expect(seen).toHaveLength(14)
      expect(new Set(seen).size).toBe(14)
      expect(scores).toEqual(scores.toSorted((one, other) => other - one))
      expect(await codeOf(find('marker', { cursor: 'x' }))).toBe('invalid_request')
    })

    test('the newer of two alike comes first, and a title before a text', async () => {
      const old = await tell('zebra crossing', 'no')
      await sql`update messages set created_at = now() - interval '1 year' where id = ${old.questionId}`.execute(
        open().db,
      )
      const fresh = await tell('zebra crossing', 'no')
      await createSession(open(), me, { title: 'zebra crossing', temporary: false })
      const { items } = await find('zebra crossing')
      expect(items.map(({ kind, messageId }) => messageId ?? kind)).toEqual(['title', fresh.questionId, old.questionId])
    })

    test('uses the index on words, however few messages there are', async () => {
      await tell('marker', 'marker')
      const plan = await sql.raw<{ 'QUERY PLAN': string }>(`explain select * from messages where search @@
        '''u:${me.userId}'' & ''marker'''::tsquery`)
      const { rows } = await open()
        .db.connection()
        .execute(async (db) => {
          await sql`set enable_seqscan = off`.execute(db)
          const planned = await plan.execute(db)
          await sql`reset enable_seqscan`.execute(db)
          return planned
        })
      expect(JSON.stringify(rows)).toContain('messages_search')
      const { rows: config } = await sql<{ proconfig: string[] }>`
        select proconfig from pg_proc where proname = 'askwire_search' and prosecdef`.execute(open().db)
      expect(config[0]?.proconfig).toContain('enable_seqscan=off')
      expect((await asScope(open(), me).selectFrom('messages').select('id').execute()).length).toBe(2)
    })

    test('a message of any size and script is stored, and found by how it begins', async () => {
      const { rows } = await sql<{ text: string }>`
        select 'marker ' || string_agg(chr(19968 + (i * 7919) % 20000), '') as text from generate_series(1, 100000) i`.execute(
        open().db,
      )
      await tell('why?', rows[0]?.text ?? '')
      expect((await find('marker')).items).toHaveLength(1)
    })
  })
}
