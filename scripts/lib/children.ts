import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { waitFor } from '../../packages/testing/src/wait-for.ts'

const END_WITH_PARENT = fileURLToPath(new URL('./end-with-parent.mjs', import.meta.url))
const READY_TIMEOUT_MS = 60_000
/** Longer than a worker's own grace for answers under way. */
const STOP_TIMEOUT_MS = 30_000

type Child = { name: string; process: ChildProcess; url: string }

/** Node processes of ours, their output told line by line under their names. They end when this process does. */
export class Children {
  readonly #root: string
  readonly #signal: AbortSignal
  readonly #say: (line: string) => void
  readonly #children = new Map<string, Child>()

  constructor(root: string, signal: AbortSignal, say: (line: string) => void) {
    this.#root = root
    this.#signal = signal
    this.#say = say
  }

  start(name: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    this.#signal.throwIfAborted()
    const child = spawn(process.execPath, ['--import', END_WITH_PARENT, ...args], {
      cwd: this.#root,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const output of [child.stdout, child.stderr]) {
      if (output !== null) createInterface({ input: output }).on('line', (line) => this.#tell(name, line))
    }
    child.once('error', (error) => this.#tell(name, error.message))
    child.once('exit', (code, signal) => {
      if (!this.#signal.aborted && code !== 0) this.#tell(name, `ended with ${signal ?? code}`)
    })
    this.#children.set(name, { name, process: child, url: '' })
    return child
  }

  /** Runs to the end. Rejects when that fails or takes longer than `timeoutMs`. */
  async run(name: string, args: readonly string[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<void> {
    const child = this.start(name, args, env)
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)])
    const [code] = await once(child, 'exit', { signal })
    this.#children.delete(name)
    if (code !== 0) throw new Error(`${name} ended with ${code}`)
  }

  /** Resolves once the child says that it is ready; rejects when it has ended, or after a minute. */
  async ready(name: string, url: string): Promise<void> {
    const child = this.#children.get(name)
    if (child === undefined) throw new Error(`there is no child named ${name}`)
    child.url = url
    const settled = await waitFor(
      async () => {
        if (hasEnded(child.process)) return 'ended'
        const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) })
        await response.body?.cancel()
        return response.ok && 'ready'
      },
      { timeoutMs: READY_TIMEOUT_MS, intervalMs: 100, what: `${name} getting ready`, signal: this.#signal },
    )
    if (settled === 'ended') throw new Error(`${name} ended while starting`)
  }

  list(): { name: string; pid: number | undefined; url: string }[] {
    return [...this.#children.values()].map((child) => ({ name: child.name, pid: child.process.pid, url: child.url }))
  }

  /** Asks all to stop, and ends by force what has not within 30 s. */
  async stop(): Promise<void> {
    await Promise.all(
      [...this.#children.values()].map(async ({ name, process: child }) => {
        if (hasEnded(child)) return
        child.kill('SIGTERM')
        await waitFor(() => hasEnded(child), { timeoutMs: STOP_TIMEOUT_MS, what: `end of ${name}` }).catch(() => {
          this.#tell(name, 'does not stop, ended by force')
          child.kill('SIGKILL')
        })
      }),
    )
  }

  #tell(name: string, line: string): void {
    this.#say(`${name.padEnd(11)} ${line}`)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
