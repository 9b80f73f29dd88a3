import { relative } from 'node:path'
import { indexFolder } from '@askwire/knowledge'
import { ensureBuiltInOwner } from '@askwire/store'
import type { Standalone } from './standalone.ts'

/** Name of the collection that a knowledge folder becomes. */
const COLLECTION = 'Knowledge'

/** Indexes the folder for the built-in owner, telling `say` of its progress in whole lines. */
export async function indexKnowledge(
  standalone: Standalone,
  folder: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { store, models, logger } = standalone
  const scope = await ensureBuiltInOwner(store)
  const startedAt = performance.now()
  const where = relative(process.cwd(), folder) || folder
  let toldAt = startedAt
  const result = await indexFolder({ store, embedder: models.embedder, logger }, scope, {
    folder,
    collectionName: COLLECTION,
    signal,
    onProgress: ({ done, total }) => {
      if (performance.now() - toldAt < 1000) return
      toldAt = performance.now()
      say(`Indexing ${where}: ${done} of ${total} files`)
    },
  })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const changed = result.added + result.updated + result.removed
  say(
    `Knowledge: ${where}, ${result.added + result.updated + result.unchanged} files${changed > 0 ? `, ${changed} changed` : ''} (${seconds} s)`,
  )
  for (const { path, reason } of result.skipped) say(`  skipped ${path}: ${reason}`)
}
