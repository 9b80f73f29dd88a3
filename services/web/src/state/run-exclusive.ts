const LEASE_MS = 20_000
const SETTLE_MS = 60

/**
 * Runs one work at a time in all tabs of this browser. Browsers give locks to secure addresses only; on a page of the local
 * network a lease in the browser's storage does, which is nearly as good.
 */
export async function runExclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = navigator.locks
  if (locks) return await locks.request(name, work)
  const key = `${name}.lease`
  const me = String(Math.random())
  while (!(await takeLease(key, me))) await wait(SETTLE_MS * (1 + Math.random()))
  try {
    return await work()
  } finally {
    if (holderOf(key) === me) localStorage.removeItem(key)
  }
}

async function takeLease(key: string, me: string): Promise<boolean> {
  try {
    if (holderOf(key) !== null) return false
    localStorage.setItem(key, JSON.stringify({ me, until: Date.now() + LEASE_MS }))
  } catch {
    // Without storage the tabs know nothing of each other.
    return true
  }
  await wait(SETTLE_MS)
  return holderOf(key) === me
}

function holderOf(key: string): string | null {
  try {
    const lease: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    if (typeof lease !== 'object' || lease === null || !('me' in lease) || !('until' in lease)) return null
    return typeof lease.until === 'number' && lease.until > Date.now() ? String(lease.me) : null
  } catch {
    return null
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
