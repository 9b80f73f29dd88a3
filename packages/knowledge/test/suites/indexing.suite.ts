import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AppError, type Scope } from '@askwire/contracts'
import {
  deleteDocument,
  getChunk,
  getDocument,
  type IndexReport,
  indexFolder,
  listDocuments,
  retrieve,
} from '@askwire/knowledge'
import type { Embedder } from '@askwire/models'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { embedder, newScope, type Open } from './knowledge.suite.ts'

const signal = AbortSignal.timeout(120_000)
const PARAGRAPH = 'The lighthouse keeper of Skagen trims the wick at dusk and writes the wind into his book. '.repeat(9)

/** Indexing a folder step by step, and what a death in the middle leaves. */
export function describeIndexing(open: Open): void {
  describe('indexFolder', () => {
    let folder: string
    let scope: Scope
    beforeEach(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'askwire-knowledge-'))
      scope = await newScope(open())
    })
    afterEach(() => rmSync(folder, { recursive: true, force: true }))

    const write = (name: string, content: string | Uint8Array): void => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      writeFileSync(path.join(folder, name), content)
    }
    const index = async (by: Embedder = embedder): Promise<IndexReport> =>
      await indexFolder({ store: open(), embedder: by }, scope, { folder, collectionName: 'docs', signal })
    const find = async (query: string): Promise<string[]> =>
      (await retrieve({ store: open(), embedder }, scope, { query, signal })).map(({ documentName }) => documentName)
    const rows = async (): Promise<{ documents: number; chunks: number; terms: number }> => {
      const { rows } = await open().pool.query(
        `select (select count(*)::int from documents where tenant_id = $1) as documents,
          (select count(*)::int from chunks where tenant_id = $1) as chunks,
          (select count(*)::int from chunk_terms where tenant_id = $1) as terms`,
        [scope.tenantId],
      )
      return rows[0]
    }

    test('adds, leaves alone, updates and removes by content', async () => {
      write('a.md', '# Apples\n\nApples ripen in autumn.')
      write('deep/b.txt', 'Bananas ripen in a paper bag.')
      write('c.markdown', '# 中文\n\n香蕉放在纸袋里会熟。')
      expect(await index()).toMatchObject({ added: 3, updated: 0, removed: 0, unchanged: 0, skipped: [] })
      expect(await find('香蕉怎么熟')).toEqual(['c.markdown'])
      expect(await index()).toMatchObject({ added: 0, updated: 0, removed: 0, unchanged: 3 })
      write('a.md', '# Apples\n\nQuinces ripen in autumn.')
      unlinkSync(path.join(folder, 'deep/b.txt'))
      expect(await index()).toMatchObject({ added: 0, updated: 1, removed: 1, unchanged: 1 })
      expect(await find('quinces')).toEqual(['a.md'])
      expect(await find('paper bag bananas')).toEqual([])
      expect(await rows()).toMatchObject({ documents: 2, chunks: 2 })
    })

    test('indexes again when the embedder is another one', async () => {
      write('a.md', 'Apples ripen in autumn.')
      await index()
      const other = { ...embedder, id: 'offline-other-384' }
      expect(await index(other)).toMatchObject({ updated: 1, unchanged: 0 })
      const { rows } = await open().pool.query('select embedder from chunks where tenant_id = $1', [scope.tenantId])
      expect(rows).toEqual([{ embedder: 'offline-other-384' }])
    })

    test('skips what is no text, with the reason, and what is none of its business silently', async () => {
      write('good.md', 'Fine.')
      write('binary.txt', Buffer.from([0x50, 0x4b, 0, 1]))
      write('latin1.txt', Buffer.from([0x66, 0xfc, 0x72]))
      write('empty.md', '\n')
      write('big.txt', 'x'.repeat(2 * 1024 * 1024 + 1))
      for (const name of ['.hidden/a.md', 'node_modules/a/readme.md', 'program.ts', '.secret.md']) write(name, 'No.')
      symlinkSync('/etc/hostname', path.join(folder, 'outside.txt'))
      symlinkSync('/etc', path.join(folder, 'etc'))
      symlinkSync(path.join(folder, 'good.md'), path.join(folder, 'inside.md'))
      const report = await index()
      expect(report.added).toBe(2)
      expect(report.skipped.map(({ path: at, reason }) => `${at}: ${reason}`).sort()).toEqual([
        'big.txt: larger than 2 MiB',
        'binary.txt: binary: it holds NUL bytes',
        'empty.md: empty',
        'latin1.txt: not valid UTF-8',
        'outside.txt: a link that leads out of the folder, or nowhere',
      ])
    })

    test('a folder that is gone is an error and removes nothing', async () => {
      write('a.md', 'Apples ripen in autumn.')
      await index()
      rmSync(folder, { recursive: true })
      await expect(index()).rejects.toMatchObject({ code: 'invalid_request' })
      expect(await rows()).toMatchObject({ documents: 1, chunks: 1 })
    })

    test('F46: stopped in the middle of a document, nothing of it is seen; the next run completes it', async () => {
      write('a.md', Array.from({ length: 80 }, (_, i) => `## Part ${i}\n\n${PARAGRAPH}`).join('\n\n'))
      const dies = diesAfter(2)
      await expect(index(dies)).rejects.toThrow('killed')
      expect((await rows()).chunks).toBeGreaterThan(0)
      expect(await find('lighthouse keeper of Skagen')).toEqual([])
      expect((await listDocuments(open(), scope, { limit: 10 })).items).toEqual([])
      expect(await index()).toMatchObject({ added: 1 })
      expect(await rows()).toMatchObject({ documents: 1, chunks: 80 })
      expect((await find('lighthouse keeper of Skagen'))[0]).toBe('a.md')
    })

    test('F46: while an update is under way, and when it is stopped, the old text is found', async () => {
      write('a.md', 'The old lighthouse has a red lamp.')
      await index()
      write('a.md', Array.from({ length: 80 }, (_, i) => `## Part ${i}\n\n${PARAGRAPH}`).join('\n\n'))
      await expect(index(diesAfter(1))).rejects.toThrow('killed')
      const found = await retrieve({ store: open(), embedder }, scope, { query: 'lighthouse', signal, limit: 50 })
      expect(found.map(({ text }) => text)).toEqual(['The old lighthouse has a red lamp.'])
      expect(await index()).toMatchObject({ updated: 1 })
      expect(await find('red lamp old')).not.toContain('The old lighthouse has a red lamp.')
    })

    test('F46: deleted while it is being indexed, a document leaves no vectors and no postings', async () => {
      write('a.md', Array.from({ length: 80 }, (_, i) => `## Part ${i}\n\n${PARAGRAPH}`).join('\n\n'))
      let batches = 0
      const interrupted: Embedder = {
        ...embedder,
        embed: async (texts, options) => {
          if (++batches === 2) await open().pool.query('delete from documents where tenant_id = $1', [scope.tenantId])
          return await embedder.embed(texts, options)
        },
      }
      const report = await index(interrupted)
      expect(report).toMatchObject({
        added: 0,
        skipped: [{ path: 'a.md', reason: 'deleted while it was being indexed' }],
      })
      expect(await rows()).toEqual({ documents: 0, chunks: 0, terms: 0 })
    })

    test('two at once do the work once', async () => {
      for (let i = 0; i < 5; i++) write(`${i}.md`, `Fruit number ${i} ripens in autumn.`)
      const reports = await Promise.all([index(), index()])
      expect(reports.map(({ added }) => added).sort()).toEqual([0, 5])
      expect(await rows()).toMatchObject({ documents: 5, chunks: 5 })
    })

    test('shows progress, and stops when it is told to', async () => {
      for (let i = 0; i < 3; i++) write(`${i}.md`, `Fruit number ${i}.`)
      const stop = new AbortController()
      const seen: string[] = []
      const onProgress = ({ path: at, done, total }: { path: string; done: number; total: number }): void => {
        seen.push(`${at} ${done}/${total}`)
        if (done === 1) stop.abort(new Error('stopped'))
      }
      const request = { folder, collectionName: 'docs', signal: stop.signal, onProgress }
      await expect(indexFolder({ store: open(), embedder }, scope, request)).rejects.toThrow('stopped')
      expect(seen).toEqual(['0.md 0/3', '1.md 1/3'])
    })

    test('a chunk opens with the text around it; a deleted document is gone with all it had', async () => {
      write(
        'a.md',
        Array.from({ length: 3 }, (_, i) => `## Part ${i}\n\n${i === 1 ? 'The needle.' : PARAGRAPH}`).join('\n\n'),
      )
      await index()
      const [found] = await retrieve({ store: open(), embedder }, scope, { query: 'needle', signal })
      const { documentId = '', chunkId = '' } = found ?? {}
      const view = await getChunk(open(), scope, documentId, chunkId)
      expect(view).toMatchObject({
        index: 1,
        heading: 'Part 1',
        text: '## Part 1\n\nThe needle.',
        documentName: 'a.md',
      })
      expect([view.before.length, view.after.length]).toEqual([600, 600])
      expect(`${view.before}${view.text}${view.after}`).toContain(
        'wind into his book. \n\n## Part 1\n\nThe needle.\n\n## Part 2',
      )
      expect(await getDocument(open(), scope, documentId)).toMatchObject({ name: 'a.md', chunkCount: 3 })
      expect(await deleteDocument(open(), scope, documentId)).toBe(true)
      expect(await deleteDocument(open(), scope, documentId)).toBe(false)
      await expect(getDocument(open(), scope, documentId)).rejects.toBeInstanceOf(AppError)
      expect(await rows()).toEqual({ documents: 0, chunks: 0, terms: 0 })
    })

    test('lists documents in pages, newest first', async () => {
      for (let i = 0; i < 5; i++) write(`${i}.md`, `Fruit number ${i}.`)
      await index()
      const names: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await listDocuments(open(), scope, { limit: 2, cursor })
        names.push(...page.items.map(({ name }) => name))
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      expect(names).toEqual(['4.md', '3.md', '2.md', '1.md', '0.md'])
    })
  })
}

/** An embedder whose process seems to die: after some batches it throws, and nobody cleans up. */
function diesAfter(batches: number): Embedder {
  let done = 0
  return {
    ...embedder,
    embed: async (texts, options) => {
      if (done++ >= batches) throw new Error('killed')
      return await embedder.embed(texts, options)
    },
  }
}
