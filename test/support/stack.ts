import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Agent, createAgent, migrateCheckpoints } from '@askwire/agent'
import { createAmqpBroker } from '@askwire/broker'
import { createRedisEventLog, createRedisNoticeLog, createRedisRateLimiter } from '@askwire/cache'
import { newId, type Scope, topology } from '@askwire/contracts'
import { createGateway, gatewaySettings } from '@askwire/gateway'
import { indexFolder } from '@askwire/knowledge'
import { createModels, createOfflineChatModel, createOfflineEmbedder, type Models, modelsConfig } from '@askwire/models'
import { createNotices, type RunDeps } from '@askwire/runs'
import { createLogger, createMetrics, systemClock } from '@askwire/runtime'
import { ensureBuiltInOwner, migrate, openStore } from '@askwire/store'
import { createDatabase, createRedisDatabase, createVhost, type FakeModel, type Servers } from '@askwire/testing'
import { agentClientFor, createWorker, workerSettings } from '@askwire/worker'
import { forgetSignIn, rememberSignIn } from './sign-ins.ts'
import { signUp } from './sign-up.ts'

export type StackOptions = {
  gateways?: number
  workers?: number
  models?: Models
  /** Settings of gateways and workers, as their environment variables. */
  settings?: Record<string, string>
  /** Secrets of the gateways beside the one every stack makes for itself. */
  secrets?: { ASKWIRE_OIDC_CLIENT_SECRET?: string }
  /** For each gateway, how long it believes what it knows of a person without news; long, only news can have told it. */
  recheckMs?: readonly (number | undefined)[]
  /** False: no account is made and nobody is signed in. */
  account?: boolean
}

/** A process of the stack that can be closed by itself. */
export type Running = { name: string; close(): Promise<void> }

export type Stack = {
  /** Base address of each gateway. */
  urls: string[]
  deps: RunDeps
  /** Of the first account. `call` and its like send it to this stack when they are given no credential; anything else has to be told. */
  auth: Record<string, string>
  agent: Agent
  /** Folder of the mails that were sent. */
  outbox: string
  gateways: Running[]
  workers: Running[]
  /** What a service of this stack would find in its environment, as a process of its own. */
  env: {
    ASKWIRE_DATABASE_URL: string
    ASKWIRE_RABBIT_URL: string
    ASKWIRE_REDIS_URL: string
    ASKWIRE_AGENT_URL: string
    ASKWIRE_SERVICE_TOKEN: string
    ASKWIRE_AUTH_SECRET: string
  }
  addWorker(): Promise<Running>
  /** Indexes for the first account unless another owner is named. */
  index(folder: string, owner?: Scope): Promise<void>
  close(): Promise<void>
}

/** Tests send more from one address than a person would. */
export const MANY_REQUESTS = {
  ASKWIRE_REQUESTS_PER_MINUTE: '1000000',
  ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
  ASKWIRE_ADDRESS_ATTEMPTS: '1000000',
  ASKWIRE_ACCOUNT_ATTEMPTS: '1000000',
}

/** No stall of a busy machine comes near it: what a stack does when a server is slow or away is tested elsewhere. */
const PATIENCE_MS = 20_000

const quiet = createLogger({ name: 'test', level: 'silent' })

/** Gateways, workers and an agent over spaces of their own on the real servers, all in this process. */
export async function startStack(servers: Servers, options: StackOptions = {}): Promise<Stack> {
  const [database, vhost, redis] = await Promise.all([
    createDatabase(servers),
    createVhost(servers),
    createRedisDatabase(servers),
  ])
  const models = options.models ?? {
    chat: createOfflineChatModel({ wordsPerSecond: 0 }),
    embedder: createOfflineEmbedder(),
  }
  const cleanups: (() => Promise<void>)[] = []
  const open = async (): Promise<RunDeps> => {
    const store = await openStore({ url: database.url, acquireTimeoutMs: PATIENCE_MS, statementTimeoutMs: PATIENCE_MS })
    const log = createRedisEventLog({ url: redis.url, logger: quiet, timeoutMs: PATIENCE_MS })
    const broker = createAmqpBroker({
      url: vhost.url,
      connectionName: `test-${newId()}`,
      logger: quiet,
      topology: topology(),
      publishTimeoutMs: PATIENCE_MS,
      bindTimeoutMs: PATIENCE_MS,
      requestTimeoutMs: PATIENCE_MS,
      heartbeatSeconds: 30,
    })
    await broker.start()
    const notices = createNotices({
      log: createRedisNoticeLog({ url: redis.url, logger: quiet, timeoutMs: PATIENCE_MS }),
      broker,
      clock: systemClock,
      logger: quiet,
    })
    cleanups.push(async () => {
      await broker.close()
      await notices.log.close()
      await log.close()
      await store.close()
    })
    return { store, log, broker, notices, clock: systemClock, logger: quiet }
  }

  const deps = await open()
  await migrate(deps.store)
  await migrateCheckpoints(deps.store)
  const serviceToken = randomBytes(32).toString('base64url')
  const agent = createAgent(
    { host: '127.0.0.1', port: 0, serviceToken },
    {
      store: deps.store,
      clock: systemClock,
      logger: quiet,
      metrics: createMetrics('agent', { process: false }),
      models,
    },
  )
  const { url: agentUrl } = await agent.start()

  const addWorker = async (): Promise<Running> => {
    const config = workerSettings.parse({ ASKWIRE_DRAIN_MS: '2000', ASKWIRE_AUTO_TITLES: 'false', ...options.settings })
    const client = agentClientFor(config, { url: agentUrl, serviceToken }, systemClock)
    const worker = createWorker(config, {
      ...(await open()),
      metrics: createMetrics('worker', { process: false }),
      agent: client,
    })
    await worker.start()
    const running = { name: config.ASKWIRE_WORKER_ID, close: () => worker.close() }
    workers.push(running)
    cleanups.push(async () => client.close())
    return running
  }

  const authSecret = randomBytes(32).toString('base64url')
  const outbox = await mkdtemp(join(tmpdir(), 'askwire-outbox-'))
  const urls: string[] = []
  const gateways: Running[] = []
  const workers: Running[] = []
  for (let at = 0; at < (options.gateways ?? 1); at++) {
    const config = gatewaySettings.parse({
      ...MANY_REQUESTS,
      ASKWIRE_PORT: '0',
      ASKWIRE_MAIL_OUTBOX: outbox,
      ...options.settings,
    })
    const limiter = createRedisRateLimiter({ url: redis.url, logger: quiet, timeoutMs: PATIENCE_MS })
    const gateway = createGateway(
      config,
      { ...(await open()), limiter, metrics: createMetrics('gateway', { process: false }) },
      { ASKWIRE_AUTH_SECRET: authSecret, ...options.secrets },
      { recheckMs: options.recheckMs?.[at] },
    )
    urls.push((await gateway.start()).url)
    gateways.push({ name: config.ASKWIRE_GATEWAY_ID, close: () => gateway.close() })
    cleanups.push(async () => await limiter.close())
  }
  for (let at = 0; at < (options.workers ?? 1); at++) await addWorker()
  const auth = options.account === false || !urls[0] ? {} : (await signUp(urls[0], 'owner@example.com')).auth
  for (const url of urls) rememberSignIn(url, auth)

  return {
    urls,
    deps,
    auth,
    outbox,
    agent,
    gateways,
    workers,
    env: {
      ASKWIRE_DATABASE_URL: database.url,
      ASKWIRE_RABBIT_URL: vhost.url,
      ASKWIRE_REDIS_URL: redis.url,
      ASKWIRE_AGENT_URL: agentUrl,
      ASKWIRE_SERVICE_TOKEN: serviceToken,
      ASKWIRE_AUTH_SECRET: authSecret,
    },
    addWorker,
    index: async (folder, owner) => {
      const scope = owner ?? (await ensureBuiltInOwner(deps.store))
      const signal = AbortSignal.timeout(60_000)
      await indexFolder({ store: deps.store, embedder: models.embedder, logger: quiet }, scope, {
        folder,
        collectionName: 'Test',
        signal,
      })
    },
    close: async () => {
      for (const gateway of gateways) await gateway.close()
      await Promise.all(workers.map((worker) => worker.close()))
      await agent.close()
      for (const cleanup of cleanups.reverse()) await cleanup()
      for (const url of urls) forgetSignIn(url)
      await rm(outbox, { recursive: true, force: true })
      await Promise.all([database.drop(), vhost.drop(), redis.drop()])
    },
  }
}

/** Models that ask the fake model server. `behaviour` goes into the model's name, such as `count=5&interval=10`. */
export function fakeModels(fake: FakeModel, behaviour = ''): Models {
  const config = modelsConfig.parse({
    ASKWIRE_MODEL_PROVIDER: 'openai',
    ASKWIRE_MODEL_BASE_URL: fake.baseUrl,
    ASKWIRE_MODEL: behaviour === '' ? 'fake' : `fake?${behaviour}`,
  })
  return createModels(config, { ASKWIRE_MODEL_API_KEY: 'test-key-that-must-not-leak' })
}
