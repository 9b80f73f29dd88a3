import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver } from '../driver.ts'
import { runCommand } from '../run-command.ts'
import { DEFAULT_ROOT, type Instance, type State } from '../state.ts'

const UP_TIMEOUT_MS = 10 * 60_000
const CALL_TIMEOUT_MS = 60_000

/** True when a Docker engine answers and its Compose plugin is there. */
export async function hasCompose(docker = 'docker'): Promise<boolean> {
  try {
    await runCommand(docker, ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 10_000 })
    await runCommand(docker, ['compose', 'version'], { timeoutMs: 10_000 })
    return true
  } catch {
    return false
  }
}

/** Servers as containers: one Compose project per instance, so that each can be killed and removed by itself. */
export function createComposeDriver(docker = 'docker'): Driver {
  const compose = async (
    state: State,
    instance: Instance,
    call: readonly string[],
    timeoutMs: number,
  ): Promise<string> => await runCommand(docker, [...project(state, instance), ...call], { timeoutMs })
  return {
    set: [
      [
        { name: 'postgres', kind: 'postgres' },
        { name: 'redis', kind: 'redis' },
        { name: 'rabbit', kind: 'rabbit' },
      ],
    ],
    launch: async (state, instance) => {
      writeSettings(state, instance)
      await compose(state, instance, ['up', '-d', '--no-deps', instance.kind], UP_TIMEOUT_MS)
      return { ...instance, running: true }
    },
    isRunning: (state, instance) => {
      if (!instance.running) return false
      const { status, stdout } = spawnSync(docker, [
        ...project(state, instance),
        ...['ps', '-q', '--status', 'running', '--status', 'paused', instance.kind],
      ])
      return status === 0 && stdout.toString().trim() !== ''
    },
    signal: async (state, instance, signal, tree) => {
      // A container's first process ignores SIGSTOP sent from inside; the engine's own pause freezes the whole tree.
      const call =
        tree && signal === 'SIGSTOP' ? ['pause'] : tree && signal === 'SIGCONT' ? ['unpause'] : ['kill', '-s', signal]
      const done = compose(state, instance, [...call, instance.kind], CALL_TIMEOUT_MS)
      // Waking what is awake is an error to the engine and none to us.
      await (signal === 'SIGCONT' ? done.catch(() => '') : done)
    },
    stop: async (state, instance, mode) => {
      const call =
        mode === 'fast' ? ['stop', '-t', '20'] : ['kill', '-s', instance.kind === 'postgres' ? 'SIGQUIT' : 'SIGKILL']
      await compose(state, instance, [...call, instance.kind], CALL_TIMEOUT_MS).catch(() => '')
    },
    ctl: async (state, instance, args) =>
      await compose(state, instance, ['exec', '-T', instance.kind, 'rabbitmqctl', ...args], CALL_TIMEOUT_MS),
    remove: async (state, instance) => {
      await compose(state, instance, ['down', '--volumes', '--timeout', '5'], CALL_TIMEOUT_MS)
    },
    logHint: (state, instance) => `docker ${[...project(state, instance), 'logs', instance.kind].join(' ')}`,
  }
}

function settingsFile(state: State, instance: Instance): string {
  return join(state.dataRoot, `${instance.name}.env`)
}

/** Ports and password reach Compose through a file of their owner, not through a command line that others can read. */
function writeSettings(state: State, instance: Instance): void {
  mkdirSync(state.dataRoot, { recursive: true })
  const ports = Object.entries(instance.ports).map(([name, port]) => `${name.toUpperCase()}_PORT=${port}`)
  writeFileSync(settingsFile(state, instance), [`PASSWORD=${instance.password}`, ...ports, ''].join('\n'), {
    mode: 0o600,
  })
}

function project(state: State, instance: Instance): string[] {
  const file = join(DEFAULT_ROOT, 'infra/test-servers', `${instance.kind}.yml`)
  return [
    'compose',
    '-p',
    `askwire-${state.id}-${instance.name}`,
    '-f',
    file,
    '--env-file',
    settingsFile(state, instance),
  ]
}
