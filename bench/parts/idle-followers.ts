import { once } from 'node:events'
import { BUILT_IN_OWNER, openStore } from '../../packages/store/src/index.ts'
import { choosePorts } from '../../packages/testing/src/servers/choose-ports.ts'
import { Children } from '../../scripts/lib/children.ts'
import type { Bench } from '../lib/bench-context.ts'
import { startCluster } from '../lib/cluster.ts'
import { waitUntilServing } from '../lib/start-fake.ts'

/** Bytes per idle follower, over the same process without any. */
export type FollowerRow = {
  server: 'Askwire gateway' | 'bare Node SSE server'
  followers: number
  /** Held by JavaScript after a full collection: heap and buffers. */
  heapBytes: number
  /** Resident memory of the process. */
  rssBytes: number
}

type Memory = { heapBytes: number; rssBytes: number }
type Child = ReturnType<Children['start']>

const NODE_ARGS = ['--expose-gc', '--import', './bench/lib/report-memory.mjs']
const OPEN_TIMEOUT_MS = 120_000
/** Followers that were opened, counted and closed before the measurement: what is made once is not what one costs. */
const WARM_UP = 200

/** One session per follower, each bound to the gateway's queue, and none of them saying anything. */
export async function measureFollowers(bench: Bench): Promise<FollowerRow[]> {
  const counts = bench.quick ? [1000] : [1000, 10_000]
  const bare = await measureBare(bench, counts)
  const ours = await measureGateway(bench, counts)
  return counts.flatMap((_count, at) => [bare[at], ours[at]].filter((row) => row !== undefined))
}

async function measureGateway(bench: Bench, counts: number[]): Promise<FollowerRow[]> {
  const cluster = await startCluster(bench, { workers: 0, concurrency: 1, gatewayNodeArgs: NODE_ARGS })
  try {
    const sessions = await createSessions(cluster.databaseUrl, Math.max(...counts) + WARM_UP)
    const paths = sessions.map((id) => `/api/sessions/${id}/events`)
    return await measure(bench, 'Askwire gateway', cluster.gatewayUrl, cluster.gateway, counts, paths, cluster.auth)
  } finally {
    await cluster.stop()
  }
}

async function measureBare(bench: Bench, counts: number[]): Promise<FollowerRow[]> {
  const children = new Children(bench.root, bench.signal, bench.say)
  const [port] = await choosePorts(`bench bare ${bench.root}`, 1)
  const child = children.start('bare', [...NODE_ARGS, 'bench/lib/bare-sse.ts', `--port=${port}`], process.env)
  try {
    const url = `http://127.0.0.1:${port}`
    await waitUntilServing(url, 'the bare server')
    const paths = Array.from({ length: Math.max(...counts) + WARM_UP }, () => '/')
    return await measure(bench, 'bare Node SSE server', url, child, counts, paths)
  } finally {
    await children.stop()
  }
}

async function measure(
  bench: Bench,
  server: FollowerRow['server'],
  url: string,
  child: Child,
  counts: number[],
  paths: string[],
  auth: readonly string[] = [],
): Promise<FollowerRow[]> {
  const { hostname: host, port } = new URL(url)
  const open = async (some: string[]): Promise<void> => {
    const { refused } = await bench.loader.followers({
      host,
      port: Number(port),
      paths: some,
      auth,
      timeoutMs: OPEN_TIMEOUT_MS,
    })
    if (refused > 0) throw new Error(`${server} refused ${refused} of ${some.length} followers`)
  }
  await open(paths.slice(0, WARM_UP))
  await bench.loader.closeFollowers()
  await new Promise((resolve) => setTimeout(resolve, 7000))
  const empty = await memoryOf(child)
  const rows: FollowerRow[] = []
  let opened = 0
  for (const followers of counts) {
    await open(paths.slice(WARM_UP + opened, WARM_UP + followers))
    opened = followers
    const full = await memoryOf(child)
    const row = {
      server,
      followers,
      heapBytes: Math.round((full.heapBytes - empty.heapBytes) / followers),
      rssBytes: Math.round((full.rssBytes - empty.rssBytes) / followers),
    }
    rows.push(row)
    bench.say(
      `${server.padEnd(21)} ${String(followers).padStart(6)} followers: ${row.heapBytes} B of heap each, ${row.rssBytes} B resident`,
    )
  }
  await bench.loader.closeFollowers()
  return rows
}

async function memoryOf(child: Child): Promise<Memory> {
  child.send('memory')
  const [memory] = (await once(child, 'message', { signal: AbortSignal.timeout(30_000) })) as [Memory]
  return memory
}

async function createSessions(databaseUrl: string, count: number): Promise<string[]> {
  const store = await openStore({ url: databaseUrl, statementTimeoutMs: 30_000 })
  try {
    const { rows } = await store.pool.query<{ id: string }>(
      'insert into sessions (id, tenant_id, user_id) select gen_random_uuid(), $1, $2 from generate_series(1, $3) returning id',
      [BUILT_IN_OWNER.tenantId, BUILT_IN_OWNER.userId, count],
    )
    return rows.map((row) => row.id)
  } finally {
    await store.close()
  }
}
