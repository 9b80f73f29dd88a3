import { createStreamCrowd, type ServiceProcess, type StreamCrowd, sendRequest } from '@askwire/testing'
import type { Bench } from './bench.ts'

/** Followers of one session in which nobody asks, of a person who does nothing else. */
export type IdleFollowers = Pick<StreamCrowd, 'takePieces' | 'close'> & {
  /** Opens so many more at this gateway; resolves with what those were told that got no stream, 0 for nothing at all. */
  open(gateway: ServiceProcess, count: number, atOnce?: number): Promise<number[]>
}

const OPEN_TIMEOUT_MS = 60_000

/** Nobody yet. */
export async function idleFollowers(bench: Bench): Promise<IdleFollowers> {
  const headers = bench.cluster.accounts.headersOf(`${bench.id}-idle`)
  const made = await sendRequest(`${bench.cluster.urls[0]}/api/sessions`, { method: 'POST', json: {}, headers })
  bench.must(made.status === 201, `no session to follow: ${made.status}`)
  const path = `/api/sessions/${String(made.body.id)}/events`
  const { open, ...crowd } = createStreamCrowd()
  return {
    ...crowd,
    open: async ({ port }, count, atOnce = 100) => {
      const paths = Array.from({ length: count }, () => path)
      const where = { host: '127.0.0.1', port, atOnce, timeoutMs: OPEN_TIMEOUT_MS }
      return (await open(paths, { ...where, authorization: headers.authorization })).refused
    },
  }
}
