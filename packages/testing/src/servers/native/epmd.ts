import type { ServerProgram } from './server-program.ts'

/**
 * Erlang's name service, one of our own per clone: nodes find each other through it, and neither a system RabbitMQ nor
 * another clone's servers notice when ours stops.
 */
export const epmd: ServerProgram = {
  prepare: async () => {},
  launch: (_, instance) => ({
    command: 'epmd',
    args: ['-address', '127.0.0.1', '-port', String(instance.ports.epmd)],
    env: {},
  }),
  stopSignals: { fast: 'SIGTERM', immediate: 'SIGKILL' },
}
