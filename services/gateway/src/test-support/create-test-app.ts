import { createMemoryBroker } from '@askwire/broker'
import { createMemoryEventLog, createMemoryRateLimiter } from '@askwire/cache'
import { topology } from '@askwire/contracts'
import { createLogger, createMetrics } from '@askwire/runtime'
import { ensureBuiltInOwner, migrate, openStore, type Store } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { createApp } from '../app.ts'
import { builtInPrincipal } from '../built-in-principal.ts'
import { gatewaySettings } from '../config.ts'
import type { GatewayContext } from '../context.ts'
import { createGatewayEvents } from '../events.ts'
import { createLimits } from '../limits/limits.ts'
import type { Authenticate } from '../principal.ts'
import { createPublishNotes } from '../publish-notes.ts'
import { createFollowers } from '../stream/followers.ts'
import { createOrdinalReader } from '../stream/ordinal-reader.ts'
import { createSessionHub } from '../stream/session-hub.ts'

export type TestApp = { app: FastifyInstance; context: GatewayContext; close(): Promise<void> }

/** A database in memory with all its tables; a second takes a while, so a file of tests shares one. */
export async function openTestStore(): Promise<Store> {
  const store = await openStore({ dataDir: ':memory:' })
  await migrate(store)
  return store
}

/** The gateway's HTTP side over the in-process twins and the given database, which it leaves open. Callers are the built-in owner unless told otherwise. */
export async function createTestApp(
  store: Store,
  settings: Record<string, string> = {},
  authenticate?: (owner: { tenantId: string; userId: string }) => Authenticate,
): Promise<TestApp> {
  const config = gatewaySettings.parse(settings)
  const logger = createLogger({ name: 'test', level: 'silent' })
  const metrics = createMetrics('gateway', { process: false })
  const owner = await ensureBuiltInOwner(store)
  const broker = createMemoryBroker({ topology: topology(), logger })
  await broker.start()
  const limiter = createMemoryRateLimiter()
  const events = createGatewayEvents(logger, metrics)
  const hub = createSessionHub({ broker, gatewayId: config.ASKWIRE_GATEWAY_ID, logger })
  await hub.start()
  const log = createMemoryEventLog()
  const context: GatewayContext = {
    store,
    broker,
    limiter,
    logger,
    metrics,
    config,
    events,
    hub,
    log,
    limits: createLimits(limiter, config, events),
    followers: createFollowers(config.ASKWIRE_MAX_FOLLOWERS),
    newestOrdinal: createOrdinalReader(store),
    notePublished: createPublishNotes(store),
    draining: () => false,
  }
  const app = await createApp(context, (authenticate ?? builtInPrincipal)(owner))
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
