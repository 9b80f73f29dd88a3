import { createAuthKit } from './accounts/auth-kit.ts'
import { createOidcProvider } from './accounts/create-oidc-provider.ts'
import { createPrincipals } from './accounts/principals.ts'
import { createStreamGuard, type StreamGuard } from './accounts/stream-guard.ts'
import { createTrial } from './accounts/trial.ts'
import type { GatewayConfig, GatewaySecrets } from './config.ts'
import type { GatewayContext } from './context.ts'
import type { GatewayDeps } from './deps.ts'
import { createGatewayEvents } from './events.ts'
import { createLimits } from './limits/limits.ts'
import { createMailer } from './mail/create-mailer.ts'
import { createPublishNotes } from './publish-notes.ts'
import { followerLimit } from './stream/follower-limit.ts'
import { createFollowers } from './stream/followers.ts'
import { createOrdinalReader } from './stream/ordinal-reader.ts'
import { createSessionHub } from './stream/session-hub.ts'

/** What one gateway works with, from its clients; nothing of it has started. */
export function createContext(
  config: GatewayConfig,
  deps: GatewayDeps,
  secrets: GatewaySecrets,
  process: { trial: boolean; draining(): boolean; url(): string; recheckMs?: number | undefined },
): { context: GatewayContext; guard: StreamGuard } {
  const maxFollowers = followerLimit(config.ASKWIRE_MAX_FOLLOWERS)
  if (maxFollowers < config.ASKWIRE_MAX_FOLLOWERS)
    deps.logger.info({ maxFollowers }, 'fewer streams than configured: the process may not open more files')
  const followers = createFollowers(maxFollowers)
  const events = createGatewayEvents(deps.logger, deps.metrics)
  const auth = createAuthKit(deps, secrets, config.ASKWIRE_ISSUER)
  const trial = createTrial(deps.store, process.trial)
  const guard = createStreamGuard({ ...deps, followers, trial, roundMs: process.recheckMs })
  const context: GatewayContext = {
    ...deps,
    config,
    events,
    auth,
    oidc: createOidcProvider(config, secrets, deps.clock),
    trial,
    principals: createPrincipals({ ...deps, config, events, auth, trial, guard, keptMs: process.recheckMs }),
    limits: createLimits(deps.limiter, config, events),
    mailer: createMailer(config, secrets, deps.logger),
    publicUrl: () => (config.ASKWIRE_PUBLIC_URL ?? process.url()).replace(/\/+$/, ''),
    hub: createSessionHub({ broker: deps.broker, gatewayId: config.ASKWIRE_GATEWAY_ID, logger: deps.logger }),
    followers,
    newestOrdinal: createOrdinalReader(deps.store),
    notePublished: createPublishNotes(deps.store),
    draining: process.draining,
  }
  return { context, guard }
}
