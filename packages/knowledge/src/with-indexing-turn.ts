import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@askwire/contracts'
import { type Store, withLease } from '@askwire/store'

const LEASE_MS = 15_000
/** Longer than a lease, so that a dead indexer's successor gets its turn. */
const MAX_WAIT_MS = 60_000
const RETRY_MS = 500

const turns = new WeakMap<Store, Map<string, Promise<unknown>>>()

/**
 * Runs `work` while no one else indexes this collection. On a server that is a lease; the embedded database belongs to
 * this process, so a queue in memory does it and a restart need not wait for a dead lease. Throws `overloaded` after 60 s.
 */
export async function withIndexingTurn<T>(
  store: Store,
  collectionId: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (store.kind === 'embedded') return await inProcessTurn(store, collectionId, () => work(signal))
  for (let waitedMs = 0; waitedMs <= MAX_WAIT_MS; waitedMs += RETRY_MS) {
    const turn = await withLease(store, { name: `index:${collectionId}`, leaseMs: LEASE_MS }, (lost) =>
      work(AbortSignal.any([signal, lost])),
    )
    if (turn.held) return turn.value
    await sleep(RETRY_MS, undefined, { signal })
  }
  throw new AppError('overloaded', 'This collection is being indexed by another process.', { retryAfterMs: LEASE_MS })
}

async function inProcessTurn<T>(store: Store, collectionId: string, work: () => Promise<T>): Promise<T> {
  const waiting = turns.get(store) ?? new Map<string, Promise<unknown>>()
  turns.set(store, waiting)
  const before = waiting.get(collectionId)
  const turn = (async () => {
    await before?.catch(() => undefined)
    return await work()
  })()
  waiting.set(collectionId, turn)
  try {
    return await turn
  } finally {
    if (waiting.get(collectionId) === turn) waiting.delete(collectionId)
  }
}
