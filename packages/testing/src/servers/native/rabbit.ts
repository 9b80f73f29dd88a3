import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Instance, State } from '../state.ts'
import { RABBIT_USER } from '../urls.ts'
import { makePrivateFolder } from './run-as.ts'
import { instanceFolder, type ServerProgram, writePrivateFile } from './server-program.ts'

const BIN = '/usr/lib/rabbitmq/bin'
const LOOPBACK_ONLY = '-kernel inet_dist_use_interface {127,0,0,1}'

export const rabbit: ServerProgram = {
  prepare: async (state, instance, user) => {
    const folder = instanceFolder(state, instance)
    writePrivateFile(join(folder, 'rabbitmq.conf'), configuration(instance), user)
    writePrivateFile(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n', user)
    const cookie = join(folder, '.erlang.cookie')
    if (existsSync(cookie)) rmSync(cookie)
    writePrivateFile(cookie, state.cookie, user)
    makePrivateFolder(join(folder, 'mnesia'), user)
  },
  launch: (state, instance) => ({
    command: join(BIN, 'rabbitmq-server'),
    args: [],
    env: {
      ...rabbitEnv(state, instance),
      // The script then becomes the broker instead of staying its parent, so that the pid is the broker's.
      RUNNING_UNDER_SYSTEMD: 'true',
      RABBITMQ_DIST_PORT: String(instance.ports.dist),
      RABBITMQ_CONFIG_FILE: join(instanceFolder(state, instance), 'rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(instanceFolder(state, instance), 'enabled_plugins'),
      RABBITMQ_MNESIA_BASE: join(instanceFolder(state, instance), 'mnesia'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_LOG_BASE: instanceFolder(state, instance),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: LOOPBACK_ONLY,
    },
  }),
  stopSignals: { fast: 'SIGTERM', immediate: 'SIGKILL' },
}

/** What `rabbitmqctl` needs to find exactly this node: its name, the cookie (in HOME) and our own name service. */
export function rabbitEnv(state: State, instance: Instance): Record<string, string> {
  return {
    HOME: instanceFolder(state, instance),
    RABBITMQ_NODENAME: `askwire-${state.id}-${instance.name}@localhost`,
    // Debian's own settings are those of the system's broker.
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    ERL_EPMD_PORT: String(state.instances.epmd?.ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CTL_ERL_ARGS: LOOPBACK_ONLY,
  }
}

export const RABBITMQCTL = join(BIN, 'rabbitmqctl')

function configuration(instance: Instance): string {
  return `listeners.tcp.1 = 127.0.0.1:${instance.ports.amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${instance.ports.management}
default_user = ${RABBIT_USER}
default_pass = ${instance.password}
default_vhost = /
log.console.level = warning
`
}
