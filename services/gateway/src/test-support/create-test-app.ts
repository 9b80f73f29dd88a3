import { randomBytes } from 'node:crypto'
import { createMemoryBroker } from '@askwire/broker'
import { createMemoryEventLog, createMemoryNoticeLog, createMemoryRateLimiter } from '@askwire/cache'
import { topology } from '@askwire/contracts'
import { createNotices } from '@askwire/runs'
import { createLogger, createMetrics, systemClock } from '@askwire/runtime'
import { ensureBuiltInOwner, migrate, openStore, type Store } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { createApp } from '../app.ts'
import { gatewaySecrets, gatewaySettings } from '../config.ts'
import type { GatewayContext } from '../context.ts'
import { createContext } from '../create-context.ts'
import type { Authenticate } from '../principal.ts'

export type TestApp = { app: FastifyInstance; context: GatewayContext; close(): Promise<void> }

/** A database in memory with all its tables; a second takes a while, so a file of tests shares one. */
export async function openTestStore(): Promise<Store> {
  const store = await openStore({ dataDir: ':memory:' })
  await migrate(store)
  return store
}

/** The gateway's HTTP side over the in-process twins and the given database, which it leaves open. Without a credential callers are the built-in owner (the trial) unless told otherwise. */
export async function createTestApp(
  store: Store,
  settings: Record<string, string> = {},
  authenticate?: (owner: { tenantId: string; userId: string }) => Authenticate,
  logger = createLogger({ name: 'test', level: 'silent' }),
): Promise<TestApp> {
  const config = gatewaySettings.parse(settings)
  const metrics = createMetrics('gateway', { process: false })
  const owner = await ensureBuiltInOwner(store)
  const broker = createMemoryBroker({ topology: topology(), logger })
  await broker.start()
  const limiter = createMemoryRateLimiter()
  const log = createMemoryEventLog()
  const secrets = gatewaySecrets.parse({ ASKWIRE_AUTH_SECRET: randomBytes(32).toString('hex') })
  const notices = createNotices({ log: createMemoryNoticeLog(), broker, clock: systemClock, logger })
  const deps = { store, broker, limiter, log, notices, clock: systemClock, logger, metrics }
  const { context } = createContext(config, deps, secrets, { trial: true, draining: () => false, url: () => '' })
  const { hub } = context
  await hub.start()
  await context.trial.start()
  const app = await createApp(context, authenticate?.(owner) ?? context.principals.authenticate)
  return {
    app,
    context,
    close: async () => {
      await app.close()
      context.followers.close()
      await hub.close()
      await broker.close()
      await log.close()
    },
  }
}
