import type { Gathered } from '@askwire/runtime'
import type { AuthKit } from './accounts/auth-kit.ts'
import type { OidcProvider } from './accounts/create-oidc-provider.ts'
import type { Principals } from './accounts/principals.ts'
import type { Trial } from './accounts/trial.ts'
import type { GatewayConfig } from './config.ts'
import type { GatewayEvents } from './events.ts'
import type { Limits } from './limits/limits.ts'
import type { Mailer } from './mail/mailer.ts'
import type { StreamDeps } from './stream/stream-options.ts'

/** What the routes of one gateway work with. */
export type GatewayContext = StreamDeps & {
  config: GatewayConfig
  events: GatewayEvents
  /** Limits on tries of passwords, codes and the like; the use cases of accounts count each before they look anything up. */
  limits: Limits
  /** Notes that the broker has a run; see `createPublishNotes`. */
  notePublished: Gathered<string>
  auth: AuthKit
  /** The sign-in provider; null where none is set up. */
  oidc: OidcProvider | null
  trial: Trial
  /** Who is asking; `principals.changed` MUST be called after every change to somebody's rights. */
  principals: Principals
  mailer: Mailer
  /** Where people reach the page, without a slash at the end. */
  publicUrl(): string
  /** True once the replica has begun to stop: it takes no new questions and no new followers. */
  draining(): boolean
}
