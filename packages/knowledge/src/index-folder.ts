import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError, type Scope } from '@askwire/contracts'
import type { Embedder } from '@askwire/models'
import type { Logger } from '@askwire/runtime'
import {
  deleteDocument,
  dropUnfinished,
  ensureCollection,
  ensureEmbeddingIndex,
  type IndexedSource,
  listSources,
  refreshStatistics,
  type Store,
} from '@askwire/store'
import { decodeText } from './decode-text.ts'
import { indexDocument } from './index-document.ts'
import { type Skipped, walkFolder } from './walk-folder.ts'
import { withIndexingTurn } from './with-indexing-turn.ts'

/** Part of a document's `indexedAs`: raise it when chunking or terms change, and every document is indexed again. */
const INDEXER_VERSION = 1
/** A first indexing takes minutes, and searches go on meanwhile. */
const REFRESH_AT: ReadonlySet<number> = new Set([10, 100, 1000, 10_000])
const MAX_FILE_BYTES = 2 * 1024 * 1024

export type KnowledgeDeps = { store: Store; embedder: Embedder; logger?: Logger }
export type IndexProgress = { path: string; done: number; total: number }
export type IndexReport = {
  collectionId: string
  added: number
  updated: number
  removed: number
  unchanged: number
  skipped: Skipped[]
}

/**
 * Brings a collection in step with a folder of Markdown and text: new and changed files (by content, or by another
 * embedder) are indexed one after the other, documents whose file is gone are deleted. May be stopped or killed at any
 * moment and called again. Throws `invalid_request` without such a folder, `overloaded` while another process indexes
 * the collection, and what the embedder throws.
 */
export async function indexFolder(
  deps: KnowledgeDeps,
  scope: Scope,
  request: {
    folder: string
    collectionName: string
    signal: AbortSignal
    onProgress?: (progress: IndexProgress) => void
  },
): Promise<IndexReport> {
  const { store, embedder, logger } = deps
  const walk = await walkFolder(request.folder, request.signal)
  await ensureEmbeddingIndex(store, embedder)
  const { id: collectionId } = await ensureCollection(store, scope, request.collectionName)
  return await withIndexingTurn(store, collectionId, request.signal, async (signal) => {
    await dropUnfinished(store, scope, collectionId)
    const known = new Map((await listSources(store, scope, collectionId)).map((source) => [source.source, source]))
    const report: IndexReport = { collectionId, added: 0, updated: 0, removed: 0, unchanged: 0, skipped: walk.skipped }
    for (const [done, file] of walk.files.entries()) {
      signal.throwIfAborted()
      request.onProgress?.({ path: file, done, total: walk.files.length })
      const target = { folder: request.folder, file, collectionId, earlier: known.get(file) }
      const outcome = await indexFile(deps, scope, target, signal)
      if (typeof outcome === 'string') report[outcome]++
      else report.skipped.push({ path: file, reason: outcome.reason })
      if (typeof outcome === 'string' || outcome.keep) known.delete(file)
      if (outcome === 'added' && REFRESH_AT.has(report.added)) await refreshStatistics(store)
    }
    // What is left has no readable text any more, or no file; of an incomplete list the latter is not known.
    const listed = new Set(walk.files)
    for (const { id, source } of known.values()) {
      if (!walk.complete && !listed.has(source)) continue
      if (await deleteDocument(store, scope, id)) report.removed++
    }
    if (report.added + report.updated + report.removed > 0) await refreshStatistics(store)
    const { skipped, ...counts } = report
    logger?.info({ ...counts, skipped: skipped.length }, 'folder indexed')
    return report
  })
}

type Outcome = 'added' | 'updated' | 'unchanged' | { reason: string; keep: boolean }

async function indexFile(
  deps: KnowledgeDeps,
  scope: Scope,
  target: { folder: string; file: string; collectionId: string; earlier: IndexedSource | undefined },
  signal: AbortSignal,
): Promise<Outcome> {
  const { file, collectionId, earlier } = target
  const bytes = await readBounded(path.join(target.folder, file))
  if ('reason' in bytes) return bytes
  const contentHash = createHash('sha256').update(bytes.content).digest('hex')
  const indexedAs = `${deps.embedder.id} v${INDEXER_VERSION}`
  if (earlier?.contentHash === contentHash && earlier.indexedAs === indexedAs) return 'unchanged'
  const decoded = decodeText(bytes.content)
  if ('reason' in decoded) return { reason: decoded.reason, keep: false }
  const mediaType = path.extname(file).toLowerCase() === '.txt' ? 'text/plain' : 'text/markdown'
  const about = { collectionId, name: file, source: file, bytes: bytes.content.length, contentHash, indexedAs }
  try {
    await indexDocument(deps, scope, { ...about, mediaType, text: decoded.text }, signal)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    return { reason: 'deleted while it was being indexed', keep: true }
  }
  return earlier ? 'updated' : 'added'
}

async function readBounded(file: string): Promise<{ content: Buffer } | { reason: string; keep: boolean }> {
  try {
    const { size } = await stat(file)
    if (size > MAX_FILE_BYTES) return { reason: `larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`, keep: false }
    return { content: await readFile(file) }
  } catch {
    return { reason: 'the file cannot be read', keep: true }
  }
}
