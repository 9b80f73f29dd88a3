import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Driver, ServersUnavailable } from '../driver.ts'
import {
  descendants,
  findProcess,
  isAlive,
  type ProcessRef,
  signalProcess,
  waitForExit,
  waitForStop,
} from '../process-ref.ts'
import { runCommand } from '../run-command.ts'
import type { ServerKind } from '../state.ts'
import { epmd } from './epmd.ts'
import { postgres } from './postgres.ts'
import { RABBITMQCTL, rabbit, rabbitEnv } from './rabbit.ts'
import { redis } from './redis.ts'
import { makePrivateFolder, runAs } from './run-as.ts'
import { instanceFolder, type Launch, type ServerProgram } from './server-program.ts'

const STOP_TIMEOUT_MS = 20_000
const KILL_TIMEOUT_MS = 10_000
const CTL_TIMEOUT_MS = 60_000
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const PROGRAMS: Record<ServerKind, ServerProgram> = { epmd, rabbit, postgres, redis }

/** Servers as processes of this machine, detached from the one that starts them, each under its own account. */
export const nativeDriver: Driver = {
  set: [
    [
      { name: 'epmd', kind: 'epmd' },
      { name: 'postgres', kind: 'postgres' },
      { name: 'redis', kind: 'redis' },
      { name: 'rabbit', kind: 'rabbit' },
    ],
  ],
  launch: async (state, instance) => {
    const program = PROGRAMS[instance.kind]
    const user = runAs(instance.kind)
    const folder = instanceFolder(state, instance)
    makePrivateFolder(folder, user)
    await program.prepare(state, instance, user)
    const process = await spawnDetached(program.launch(state, instance), folder, user)
    return { ...instance, running: true, process }
  },
  isRunning: (_, instance) => isAlive(instance.process),
  signal: async (_, instance, signal, tree) => {
    if (instance.process === undefined) return
    // Listed before the signal: the children of a dead parent can no longer be found by it.
    const children = descendants(instance.process)
    signalProcess(instance.process, signal)
    if (tree) for (const child of children) signalProcess(child, signal)
    if (signal === 'SIGKILL') await waitForExit([instance.process, ...children], KILL_TIMEOUT_MS)
    if (signal === 'SIGSTOP') await waitForStop(instance.process, KILL_TIMEOUT_MS)
  },
  stop: async (state, instance, mode) => {
    if (instance.process === undefined) return
    const children = descendants(instance.process)
    signalProcess(instance.process, PROGRAMS[instance.kind].stopSignals[mode])
    signalProcess(instance.process, 'SIGCONT')
    for (const child of children) signalProcess(child, 'SIGCONT')
    try {
      await waitForExit([instance.process, ...children], STOP_TIMEOUT_MS)
    } catch {
      for (const child of children) signalProcess(child, 'SIGKILL')
      await nativeDriver.signal(state, instance, 'SIGKILL', true)
    }
  },
  ctl: async (state, instance, args) => {
    const env = { PATH, LANG: 'C.UTF-8', ...rabbitEnv(state, instance) }
    const cwd = instanceFolder(state, instance)
    return await runCommand(RABBITMQCTL, args, { ...runAs('rabbit'), env, cwd, timeoutMs: CTL_TIMEOUT_MS })
  },
  remove: async (state, instance) => rmSync(instanceFolder(state, instance), { recursive: true, force: true }),
  logHint: (state, instance) => join(instanceFolder(state, instance), 'log'),
}

async function spawnDetached(
  { command, args, env }: Launch,
  folder: string,
  user: { uid: number; gid: number } | undefined,
): Promise<ProcessRef> {
  const log = openSync(join(folder, 'log'), 'a', 0o600)
  try {
    // Nothing of the caller's environment is passed on: it may hold secrets, and settings of another RabbitMQ.
    const child = spawn(command, args, {
      ...user,
      cwd: folder,
      env: { PATH, LANG: 'C.UTF-8', HOME: folder, ...env },
      stdio: ['ignore', log, log],
      detached: true,
    })
    await once(child, 'spawn')
    child.unref()
    const started = child.pid === undefined ? undefined : findProcess(child.pid)
    if (started === undefined) throw new ServersUnavailable(`${command} ended at once; see ${join(folder, 'log')}`)
    return started
  } finally {
    closeSync(log)
  }
}
