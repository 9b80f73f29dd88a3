import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { waitFor } from '../wait-for.ts'

/**
 * Runs `work` while holding a lock that other processes on this machine see, waiting for it at most `timeoutMs`. The
 * lock is a Linux abstract socket: the kernel frees it when its holder dies, so there is no stale lock to recognise.
 * Elsewhere (Docker's side of the house, which is idempotent by itself) there is no lock.
 */
export async function withLock<T>(name: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return await work()
  const path = `\0askwire-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
  const lock = await waitFor(() => listen(path), { timeoutMs, what: `lock ${name}` })
  try {
    return await work()
  } finally {
    await new Promise<void>((resolve) => lock.close(() => resolve()))
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', reject)
    server.listen(path, () => resolve(server))
  })
}
