import { newestOrdinals, type Store } from '@askwire/store'

/** Reads the newest ordinal of a session; all who ask within a moment share one statement. */
export type OrdinalReader = (sessionId: string) => Promise<number>

const GATHER_MS = 200
const MAX_BATCH = 1000

/** A reader over the store. Rejects as the store does, and then for everyone of the batch. */
export function createOrdinalReader(store: Store): OrdinalReader {
  let batch: { ids: Set<string>; read: Promise<Map<string, number>> } | undefined

  const startBatch = (): NonNullable<typeof batch> => {
    const ids = new Set<string>()
    const read = new Promise<void>((resolve) => setTimeout(resolve, GATHER_MS)).then(async () => {
      if (batch?.ids === ids) batch = undefined
      return await newestOrdinals(store, [...ids])
    })
    return { ids, read }
  }

  return async (sessionId) => {
    if (!batch || batch.ids.size >= MAX_BATCH) batch = startBatch()
    const { ids, read } = batch
    ids.add(sessionId)
    return (await read).get(sessionId) ?? 0
  }
}
