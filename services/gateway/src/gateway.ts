import type { AddressInfo } from 'node:net'
import { type Part, startParts, systemClock } from '@askwire/runtime'
import { ensureBuiltInOwner } from '@askwire/store'
import { createApp, LOOPBACK_HOSTS } from './app.ts'
import { startRecordKeeper } from './audit/keep-record.ts'
import type { GatewayConfig, GatewaySecrets } from './config.ts'
import { createContext } from './create-context.ts'
import type { GatewayDeps } from './deps.ts'
import { startReconciler } from './reconciler.ts'
import type { Followers } from './stream/followers.ts'

/** Followers told to come back need this long to leave before their sockets are cut. */
const DRAIN_MS = 1000

export type Gateway = { start(): Promise<{ url: string }>; close(): Promise<void> }

export type GatewayOptions = {
  /** Until there is an account, requests without a credential act as the built-in owner; heeded on a loopback address only. */
  trial?: boolean
  /** How long a person's rights are believed and a stream goes on without news of a change; default: 2 and 4 seconds. */
  recheckMs?: number | undefined
}

/** A gateway on the given clients, which it does not close. */
export function createGateway(
  config: GatewayConfig,
  deps: GatewayDeps,
  secrets: GatewaySecrets,
  options: GatewayOptions = {},
): Gateway {
  let draining = false
  let url = ''
  let running: { close: () => Promise<void> } | undefined
  const { context, guard } = createContext(config, deps, secrets, {
    trial: options.trial === true && LOOPBACK_HOSTS.has(config.ASKWIRE_HOST),
    draining: () => draining,
    url: () => url,
    recheckMs: options.recheckMs,
  })
  const { hub, followers, events, auth, trial, principals } = context
  deps.metrics.gaugeOf('askwire_followers', 'Open event streams', () => followers.size())

  const start = async (): Promise<{ url: string }> => {
    await ensureBuiltInOwner(deps.store)
    const app = await createApp(context, principals.authenticate)
    let reconciler: { close(): Promise<void> } | undefined
    let keeper: { close(): Promise<void> } | undefined
    const parts: Part[] = [
      { name: 'session hub', start: () => hub.start(), close: () => hub.close() },
      {
        name: 'principals',
        start: async () => {
          await Promise.all([auth.keys.refresh(), trial.start(), principals.start()])
          guard.start()
        },
        close: async () => {
          guard.close()
          await principals.close()
        },
      },
      {
        name: 'reconciler',
        start: async () => {
          reconciler = startReconciler({ ...deps, events })
        },
        close: async () => await reconciler?.close(),
      },
      {
        name: 'record keeper',
        start: async () => {
          keeper = startRecordKeeper({
            ...deps,
            events,
            auditKeys: auth.auditKeys,
            retentionDays: config.ASKWIRE_AUDIT_RETENTION_DAYS,
          })
        },
        close: async () => await keeper?.close(),
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
    url = `http://${urlHost(config.ASKWIRE_HOST)}:${port}`
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

async function sendFollowersAway(followers: Followers): Promise<void> {
  followers.drainAll()
  const until = performance.now() + DRAIN_MS
  while (followers.size() > 0 && performance.now() < until) await systemClock.sleep(20)
}

/** An address a person can open: not `0.0.0.0`, and IPv6 in brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
