import {
  type Cluster,
  createLoadClient,
  createRandom,
  type DatabaseClient,
  type LoadClient,
  openDatabaseClient,
  type Question,
  type Random,
  runUsers,
  type ServiceProcess,
  type SessionFollower,
  sendRequest,
  textOfRun,
  type UsersOptions,
  waitFor,
} from '@askwire/testing'

export type FakeCall = Cluster['fake']['requests'][number]

/** A question on its way, followed from its first event. */
export type Asked = { runId: string; sessionId: string; key: string; follower: SessionFollower }

type AskOptions = Partial<Omit<Question, 'key' | 'user'>> & { follow?: boolean; follower?: SessionFollower }

/** What a row has in hand: a cluster, recorded clients, and a look at what happens inside. */
export type Bench = ReturnType<typeof createBench>

const END_TIMEOUT_MS = 60_000

/** A bench for one row; its questions' keys begin with the row's id. */
export function createBench(cluster: Cluster, id: string, seed: number, say: (line: string) => void) {
  const random: Random = createRandom(seed).fork(id)
  const client: LoadClient = createLoadClient({ gateways: () => cluster.urls, accounts: cluster.accounts, random })
  let asked = 0

  const must = (condition: boolean, what: string): void => {
    if (!condition) throw new Error(`${id}: ${what}`)
  }

  /** Asks and follows. Throws when the question is not accepted within a minute. */
  const ask = async (options: AskOptions = {}): Promise<Asked> => {
    asked += 1
    const key = `${id}-${asked}`
    const { follow = true, follower: known, ...question } = options
    const accepted = await client.ask({
      user: id,
      key,
      tokens: 40,
      pace: 'interval=20',
      idempotencyKey: key,
      ...question,
    })
    if (!accepted) throw new Error(`${id}: question ${key} was not accepted`)
    const { runId, sessionId } = accepted
    const follower = known ?? client.follow({ user: id, sessionId })
    if (!follow) await follower.close()
    return { runId, sessionId, key, follower }
  }

  const withDatabase = async <T>(work: (database: DatabaseClient) => Promise<T>): Promise<T> => {
    const database = await openDatabaseClient(cluster.servers.databaseUrl)
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }

  const runRow = async (
    runId: string,
  ): Promise<{ status: string; attempt: number; worker: string | null; code: string | null }> =>
    await withDatabase(async (database) => {
      const [row] = await database.query<{
        status: string
        attempt: number
        worker: string | null
        code: string | null
      }>(`select status, attempt, worker_id as worker, error->>'code' as code from runs where id = $1`, [runId])
      if (!row) throw new Error(`there is no run ${runId}`)
      return row
    })

  return {
    id,
    cluster,
    client,
    random,
    say,
    must,
    ask,
    withDatabase,
    runRow,
    /** The process that runs this run now. */
    workerOf: async (runId: string): Promise<ServiceProcess> => {
      const name = await waitFor(async () => (await runRow(runId)).worker, { what: `${id}: a worker for ${runId}` })
      return cluster.workers.find((worker) => worker.name === name)!
    },
    /** Calls the provider got for this question's answer. */
    callsFor: (key: string): FakeCall[] =>
      cluster.fake.requests.filter(({ messages }) =>
        messages.findLast(({ role }) => role === 'user')?.content.endsWith(`run:${key}`),
      ),
    /** Resolves when the follower shows at least so many tokens of the answer. */
    untilTokens: async ({ follower, runId }: Asked, tokens: number): Promise<void> => {
      await waitFor(() => textOfRun(follower.record.events, runId).length >= tokens * 9, {
        timeoutMs: 30_000,
        intervalMs: 5,
        what: `${id}: ${tokens} tokens of ${runId}`,
      })
    },
    /** Resolves with the state the run ended in, once its follower was told. */
    untilEnd: async ({ follower, runId }: Asked, timeoutMs = END_TIMEOUT_MS): Promise<string> => {
      const { event, data } = await follower.untilEnd(runId, timeoutMs)
      return event === 'snapshot' ? (await runRow(runId)).status : String(data.status)
    },
    load: async (options: Partial<UsersOptions>): Promise<void> =>
      await runUsers({
        client,
        random: random.fork('load'),
        users: 6,
        durationMs: 6000,
        patienceMs: 40_000,
        prefix: `${id}-`,
        ...options,
      }),
    get: async (path: string, at = 0, headers: Record<string, string> = {}) =>
      await sendRequest(`${cluster.urls[at]}${path}`, { headers: { ...cluster.accounts.headersOf(id), ...headers } }),
    /** Consumers of the question queue, as the broker counts them. */
    consumers: async (): Promise<number> => {
      const { rabbit, vhost } = cluster.servers
      const lines = await rabbit.ctl(['-q', 'list_queues', '-p', vhost, 'name', 'consumers', '--no-table-headers'])
      const line = lines.split('\n').find((one) => one.startsWith('question_queue\t'))
      return Number(line?.split('\t')[1] ?? 0)
    },
    closeFollowers: async (all: readonly Asked[]): Promise<void> => {
      await Promise.all(all.map(({ follower }) => follower.close()))
    },
  }
}
