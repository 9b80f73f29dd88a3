import type { AddressInfo } from 'node:net'
import { type Part, startParts, systemClock } from '@askwire/runtime'
import { ensureBuiltInOwner } from '@askwire/store'
import { createApp } from './app.ts'
import { builtInPrincipal } from './built-in-principal.ts'
import type { GatewayConfig } from './config.ts'
import type { GatewayContext } from './context.ts'
import type { GatewayDeps } from './deps.ts'
import { createGatewayEvents } from './events.ts'
import { createLimits } from './limits/limits.ts'
import { createPublishNotes } from './publish-notes.ts'
import { startReconciler } from './reconciler.ts'
import { createFollowers } from './stream/followers.ts'
import { createOrdinalReader } from './stream/ordinal-reader.ts'
import { createSessionHub } from './stream/session-hub.ts'

/** Followers told to come back need this long to leave before their sockets are cut. */
const DRAIN_MS = 1000

export type Gateway = { start(): Promise<{ url: string }>; close(): Promise<void> }

/** A gateway on the given clients, which it does not close. */
export function createGateway(config: GatewayConfig, deps: GatewayDeps): Gateway {
  let draining = false
  let running: { close: () => Promise<void> } | undefined
  const hub = createSessionHub({ broker: deps.broker, gatewayId: config.ASKWIRE_GATEWAY_ID, logger: deps.logger })
  const followers = createFollowers(config.ASKWIRE_MAX_FOLLOWERS)
  const events = createGatewayEvents(deps.logger, deps.metrics)
  const newestOrdinal = createOrdinalReader(deps.store)
  const limits = createLimits(deps.limiter, config, events)
  const context: GatewayContext = {
    ...deps,
    config,
    events,
    limits,
    hub,
    followers,
    newestOrdinal,
    notePublished: createPublishNotes(deps.store),
    draining: () => draining,
  }
  deps.metrics.gaugeOf('askwire_followers', 'Open event streams', () => followers.size())

  const start = async (): Promise<{ url: string }> => {
    const owner = await ensureBuiltInOwner(deps.store)
    const app = await createApp(context, builtInPrincipal(owner))
    let reconciler: { close(): Promise<void> } | undefined
    const parts: Part[] = [
      { name: 'session hub', start: () => hub.start(), close: () => hub.close() },
      {
        name: 'reconciler',
        start: async () => {
          reconciler = startReconciler({ ...deps, events })
        },
        close: async () => await reconciler?.close(),
      },
      {
        name: 'http',
        start: async () => void (await app.listen({ host: config.ASKWIRE_HOST, port: config.ASKWIRE_PORT })),
        close: async () => await app.close(),
      },
      { name: 'followers', close: async () => await sendFollowersAway(followers) },
    ]
    running = await startParts(parts, deps.logger)
    const { port } = app.server.address() as AddressInfo
    const url = `http://${urlHost(config.ASKWIRE_HOST)}:${port}`
    deps.logger.info({ url, gatewayId: config.ASKWIRE_GATEWAY_ID }, 'gateway listening')
    return { url }
  }

  return {
    start,
    close: async () => {
      draining = true
      if (running) await systemClock.sleep(config.ASKWIRE_DRAIN_NOTICE_MS)
      await running?.close()
      followers.close()
    },
  }
}

async function sendFollowersAway(followers: ReturnType<typeof createFollowers>): Promise<void> {
  followers.drainAll()
  const until = performance.now() + DRAIN_MS
  while (followers.size() > 0 && performance.now() < until) await systemClock.sleep(20)
}

/** An address a person can open: not `0.0.0.0`, and IPv6 in brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
