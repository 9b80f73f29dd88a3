import { newId } from '@askwire/contracts'
import { clock, clockPlus } from './sql.ts'
import type { Store } from './store.ts'

/** How long the others wait after the holder died. */
const RECONCILER_LEASE_MS = 10_000

/**
 * Runs `work` when no other process does so under this name, else returns `{ held: false }` at once. A row with an end
 * (not an advisory lock, which would keep a connection from `work`). Renewed every third of `leaseMs`; the signal aborts
 * when that fails, and `work` MUST then stop.
 */
export async function withLease<T>(
  store: Store,
  lease: { name: string; leaseMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ held: true; value: T } | { held: false }> {
  const holder = newId()
  if (!(await takeLease(store, lease, holder))) return { held: false }
  const lost = new AbortController()
  const timer = setInterval(() => {
    takeLease(store, lease, holder).then(
      (mine) => mine || lost.abort(new Error(`lease ${lease.name} was lost`)),
      (error: unknown) => lost.abort(error),
    )
  }, lease.leaseMs / 3)
  try {
    return { held: true, value: await work(lost.signal) }
  } finally {
    clearInterval(timer)
    // When the database is away the lease ends by itself.
    await store.db
      .deleteFrom('leases')
      .where('name', '=', lease.name)
      .where('holder', '=', holder)
      .execute()
      .catch(() => undefined)
  }
}

/** `withLease` for the one reconciler of an installation. */
export async function withReconcilerLock<T>(
  store: Store,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ held: true; value: T } | { held: false }> {
  return await withLease(store, { name: 'reconciler', leaseMs: RECONCILER_LEASE_MS }, work)
}

async function takeLease(store: Store, lease: { name: string; leaseMs: number }, holder: string): Promise<boolean> {
  const until = clockPlus(lease.leaseMs)
  const row = await store.db
    .insertInto('leases')
    .values({ name: lease.name, holder, until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, until })
        .where((eb) => eb.or([eb('leases.until', '<', clock), eb('leases.holder', '=', holder)])),
    )
    .returning('holder')
    .executeTakeFirst()
  return row !== undefined
}
