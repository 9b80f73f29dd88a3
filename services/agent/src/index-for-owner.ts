import { indexFolder } from '@askwire/knowledge'
import { ensureBuiltInOwner } from '@askwire/store'
import type { AgentDeps } from './deps.ts'

/** Name of the collection that a knowledge folder becomes. */
const COLLECTION = 'Knowledge'

/** Indexes a folder for the built-in owner until it is done or the process is asked to stop. Logs what came of it. */
export async function indexForOwner({ store, models, logger }: AgentDeps, folder: string): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  const scope = await ensureBuiltInOwner(store)
  const report = await indexFolder({ store, embedder: models.embedder, logger }, scope, {
    folder,
    collectionName: COLLECTION,
    signal: stop.signal,
  })
  const { added, updated, removed, unchanged, skipped } = report
  logger.info({ folder, added, updated, removed, unchanged, skipped: skipped.length }, 'indexed')
}
