import { randomBytes } from 'node:crypto'
import { createAgent, migrateCheckpoints } from '@askwire/agent'
import { createMemoryBroker } from '@askwire/broker'
import { createMemoryEventLog, createMemoryNoticeLog, createMemoryRateLimiter } from '@askwire/cache'
import { topology } from '@askwire/contracts'
import { createGateway } from '@askwire/gateway'
import { createModels, type Models } from '@askwire/models'
import { createNotices, publishJob, publishRun, type RunDeps } from '@askwire/runs'
import { createLogger, createMetrics, type Logger, type Part, startParts, systemClock } from '@askwire/runtime'
import {
  listUnpublished,
  listUnpublishedJobs,
  migrate,
  openStore,
  requeueAll,
  requeueAllJobs,
  type Store,
} from '@askwire/store'
import { agentClientFor, createWorker } from '@askwire/worker'
import type { StandaloneConfig, StandaloneSecrets } from './config.ts'
import { ownSecret } from './own-secret.ts'

/** Name of the file in the data folder that keeps the secret of sign-ins. */
const AUTH_SECRET_FILE = 'auth-secret'
/** Asked again before the first new question is taken; the reconciler publishes the rest. */
const MAX_ASKED_AGAIN = 1000

export type Standalone = {
  url: string
  store: Store
  models: Models
  logger: Logger
  close(): Promise<void>
}

/** Gateway, worker and agent in one process: the services as they are, with in-process twins of broker and event log. */
export async function startStandalone(config: StandaloneConfig, secrets: StandaloneSecrets): Promise<Standalone> {
  const logger = createLogger({ name: 'askwire', level: config.ASKWIRE_LOG_LEVEL })
  const metrics = createMetrics('standalone')
  const store = await openEmbeddedStore(config.ASKWIRE_DATA_DIR)
  const models = createModels(config, secrets)
  const broker = createMemoryBroker({
    topology: topology({ questionQueueLength: config.ASKWIRE_QUESTION_QUEUE_LENGTH }),
    logger,
  })
  const log = createMemoryEventLog()
  // The database is in this process: its time is the process's.
  const clock = systemClock
  const notices = createNotices({ log: createMemoryNoticeLog(), broker, clock, logger })
  const shared = { store, broker, log, notices, clock, logger, metrics }

  const serviceToken = randomBytes(32).toString('base64url')
  const agent = createAgent({ host: '127.0.0.1', port: 0, serviceToken }, { store, clock, logger, metrics, models })
  let worker: ReturnType<typeof createWorker> | undefined
  let client: ReturnType<typeof agentClientFor> | undefined
  const limiter = createMemoryRateLimiter()
  const authSecret = secrets.ASKWIRE_AUTH_SECRET ?? ownSecret(config.ASKWIRE_DATA_DIR, AUTH_SECRET_FILE)
  const gateway = createGateway(
    config,
    { ...shared, limiter },
    { ...secrets, ASKWIRE_AUTH_SECRET: authSecret },
    { trial: true },
  )
  let url = ''

  const parts: Part[] = [
    { name: 'store', close: () => store.close() },
    { name: 'broker', start: () => broker.start(), close: () => broker.close() },
    { name: 'event log', close: () => log.close() },
    {
      name: 'agent',
      start: async () => {
        client = agentClientFor(config, { url: (await agent.start()).url, serviceToken }, clock)
      },
      close: async () => {
        client?.close()
        await agent.close()
      },
    },
    {
      name: 'worker',
      start: async () => {
        if (!client) throw new Error('the agent has not started')
        await askAgain(shared)
        worker = createWorker(config, { ...shared, agent: client })
        await worker.start()
      },
      close: async () => await worker?.close(),
      closeTimeoutMs: config.ASKWIRE_DRAIN_MS + 10_000,
    },
    {
      name: 'gateway',
      start: async () => {
        url = (await gateway.start()).url
      },
      close: () => gateway.close(),
    },
  ]
  const running = await startParts(parts, logger)
  return { url, store, models, logger, close: running.close }
}

/** What the last process left unanswered goes back into the queue, which lived in that process. */
async function askAgain(deps: RunDeps): Promise<void> {
  await requeueAll(deps.store)
  for (const run of await listUnpublished(deps.store, { limit: MAX_ASKED_AGAIN })) await publishRun(deps, run)
  await requeueAllJobs(deps.store)
  for (const job of await listUnpublishedJobs(deps.store, { limit: MAX_ASKED_AGAIN })) await publishJob(deps, job)
}

async function openEmbeddedStore(dataDir: string): Promise<Store> {
  const store = await openStore({ dataDir })
  await migrate(store)
  await migrateCheckpoints(store)
  return store
}
