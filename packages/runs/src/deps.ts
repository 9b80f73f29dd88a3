import type { Broker } from '@askwire/broker'
import type { EventLog } from '@askwire/cache'
import type { Clock, Logger } from '@askwire/runtime'
import type { Store } from '@askwire/store'
import type { Notices } from './notices.ts'

/** What every use case of a run's life works with. `clock` is the one that all processes have in common. */
export type RunDeps = {
  store: Store
  broker: Broker
  log: EventLog
  notices: Notices
  clock: Clock
  logger: Logger
}
