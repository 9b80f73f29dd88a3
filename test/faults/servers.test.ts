import { serversOrSkip } from '@askwire/testing'
import { smokeSuite, sparesServers } from './smoke.ts'

// F14 spoils no server, and is here because it waits long: the two files run side by side.
smokeSuite(
  'faults of servers',
  serversOrSkip(),
  { rabbit: true, redis: true },
  (fault) => !sparesServers(fault) || fault.id === 'F14',
)
