import { join } from 'node:path'
import type { Instance, State } from '../state.ts'
import { instanceFolder, type ServerProgram, writePrivateFile } from './server-program.ts'

export const redis: ServerProgram = {
  prepare: async (state, instance, user) => {
    writePrivateFile(join(instanceFolder(state, instance), 'redis.conf'), configuration(state, instance), user)
  },
  launch: (state, instance) => ({
    command: 'redis-server',
    args: [join(instanceFolder(state, instance), 'redis.conf')],
    env: {},
  }),
  stopSignals: { fast: 'SIGTERM', immediate: 'SIGKILL' },
}

// Append-only, as a deployment would have it: a killed Redis comes back with all but its last second. Many databases:
// each test file takes one. DEBUG is for the faults it can provoke.
function configuration(state: State, instance: Instance): string {
  return `port ${instance.ports.redis}
bind 127.0.0.1
requirepass ${instance.password}
dir "${instanceFolder(state, instance)}"
appendonly yes
save ""
databases 1024
enable-debug-command yes
daemonize no
`
}
