import type { Gathered } from '@askwire/runtime'
import type { GatewayConfig } from './config.ts'
import type { GatewayEvents } from './events.ts'
import type { Limits } from './limits/limits.ts'
import type { StreamDeps } from './stream/stream-options.ts'

/** What the routes of one gateway work with. */
export type GatewayContext = StreamDeps & {
  config: GatewayConfig
  events: GatewayEvents
  /** Limits on tries of passwords, codes and the like; the use cases of accounts count each before they look anything up. */
  limits: Limits
  /** Notes that the broker has a run; see `createPublishNotes`. */
  notePublished: Gathered<string>
  /** True once the replica has begun to stop: it takes no new questions and no new followers. */
  draining(): boolean
}
