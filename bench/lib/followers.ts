import { connect, type Socket } from 'node:net'
import type { FollowersJob, FollowersResult } from './jobs.ts'

/** Connections being opened at one time. */
const AT_ONCE = 100

const open = new Set<Socket>()

/** Opens one event stream per path, and holds it. Plain sockets: ten thousand of them must cost this process little. */
export async function openFollowers(job: FollowersJob): Promise<FollowersResult> {
  const signal = AbortSignal.timeout(job.timeoutMs)
  const waiting = job.paths.values()
  let opened = 0
  let refused = 0
  const worker = async (): Promise<void> => {
    for (const path of waiting) {
      if (signal.aborted || !(await openOne(job, path, signal))) refused += 1
      else opened += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { open: opened, refused }
}

export function closeFollowers(): Record<string, never> {
  for (const socket of open) socket.destroy()
  open.clear()
  return {}
}

/** True when the stream has begun: its first line has come. */
function openOne(job: FollowersJob, path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: job.host, port: job.port, signal })
    const credential = job.auth?.[0] === undefined ? '' : `authorization: ${job.auth[0]}\r\n`
    let head = ''
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1')
      if (!head.includes('retry:')) return
      socket.off('data', onData)
      socket.resume()
      resolve(head.startsWith('HTTP/1.1 200'))
    }
    socket.on('data', onData)
    socket.once('error', () => resolve(false))
    socket.once('close', () => {
      open.delete(socket)
      resolve(false)
    })
    open.add(socket)
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${job.host}\r\naccept: text/event-stream\r\n${credential}\r\n`)
  })
}
