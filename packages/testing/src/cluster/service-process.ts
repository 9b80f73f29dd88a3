import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { waitFor } from '../wait-for.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const NODE = `${ROOT}node_modules/node/bin/node`
const END_WITH_PARENT = `${ROOT}scripts/lib/end-with-parent.mjs`
const READY_TIMEOUT_MS = 60_000

export type ServiceKind = 'gateway' | 'worker' | 'agent'

/** One service as a process of its own, in the hands of a test. */
export type ServiceProcess = {
  readonly name: string
  readonly kind: ServiceKind
  readonly url: string
  readonly port: number
  readonly logFile: string
  readonly pid: number | undefined
  isAlive(): boolean
  /** Sends a signal; for SIGKILL resolves when the process is gone. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Resolves with the exit code, or the signal that ended it. Rejects after `timeoutMs`. */
  ended(timeoutMs: number): Promise<number | string>
  /**
   * Starts it, again on the same port, and resolves once it says that it is ready. `changes` to its environment stay; `openFiles`, how many
   * it may have, is for this start alone.
   */
  start(changes?: NodeJS.ProcessEnv, openFiles?: number): Promise<void>
  isReady(): Promise<boolean>
}

/** A process for the service. Its output is appended to `logFile`. It ends when this process does. */
export function createServiceProcess(options: {
  name: string
  kind: ServiceKind
  port: number
  env: NodeJS.ProcessEnv
  logFile: string
}): ServiceProcess {
  const { name, kind, port, logFile } = options
  const url = `http://127.0.0.1:${port}`
  const env = { ...options.env }
  let child: ChildProcess | undefined
  const hasEnded = (): boolean => child === undefined || child.exitCode !== null || child.signalCode !== null

  const service: ServiceProcess = {
    name,
    kind,
    url,
    port,
    logFile,
    get pid() {
      return hasEnded() ? undefined : child?.pid
    },
    isAlive: () => !hasEnded(),
    signal: async (signal) => {
      if (hasEnded()) return
      child?.kill(signal)
      if (signal === 'SIGKILL') await waitFor(hasEnded, { what: `end of ${name}` })
    },
    ended: async (timeoutMs) => {
      await waitFor(hasEnded, { timeoutMs, what: `end of ${name}` })
      return child?.signalCode ?? child?.exitCode ?? 0
    },
    start: async (changes = {}, openFiles) => {
      if (!hasEnded()) throw new Error(`${name} runs already`)
      Object.assign(env, changes)
      child = await launch(kind, { ...env, ASKWIRE_PORT: String(port) }, logFile, [], openFiles)
      const settled = await waitFor(async () => (hasEnded() ? 'ended' : (await service.isReady()) && 'ready'), {
        timeoutMs: READY_TIMEOUT_MS,
        intervalMs: 50,
        what: `${name} getting ready, see ${logFile}`,
      })
      if (settled === 'ended') throw new Error(`${name} ended while starting; see ${logFile}`)
    },
    isReady: async () => {
      try {
        const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(4000) })
        await response.body?.cancel()
        return response.ok
      } catch {
        return false
      }
    },
  }
  return service
}

async function launch(
  kind: ServiceKind,
  env: NodeJS.ProcessEnv,
  logFile: string,
  args: readonly string[] = [],
  openFiles?: number,
) {
  const log = openSync(logFile, 'a', 0o600)
  // `prlimit` becomes what it starts.
  const limited = openFiles === undefined ? [] : ['prlimit', `--nofile=${openFiles}:${openFiles}`]
  const [command, ...rest] = [...limited, NODE, '--import', END_WITH_PARENT, `services/${kind}/src/main.ts`, ...args]
  try {
    const child = spawn(command ?? NODE, rest, {
      cwd: ROOT,
      env,
      stdio: ['ignore', log, log, 'ipc'],
    })
    await once(child, 'spawn')
    return child
  } finally {
    closeSync(log)
  }
}

/** Runs a service's command, such as the agent's `--migrate`, to its end. Rejects when it fails. */
export async function runServiceCommand(
  kind: ServiceKind,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
): Promise<void> {
  const child = await launch(kind, env, logFile, args)
  const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) })) as [number | null]
  if (code !== 0) throw new Error(`${kind} ${args.join(' ')} ended with ${code}; see ${logFile}`)
}
