import type { Broker } from '@askwire/broker'
import type { EventLog } from '@askwire/cache'
import type { Logger } from '@askwire/runtime'
import type { Store } from '@askwire/store'
import type { Notices } from './notices.ts'

/** What every use case of a run's life works with. */
export type RunDeps = { store: Store; broker: Broker; log: EventLog; notices: Notices; logger: Logger }
