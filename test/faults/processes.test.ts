import { serversOrSkip } from '@askwire/testing'
import { smokeSuite, sparesServers } from './smoke.ts'

smokeSuite(
  'faults of processes and clients',
  serversOrSkip(),
  {},
  (fault) => sparesServers(fault) && fault.id !== 'F14',
)
