import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('faulty-agent.ts', import.meta.url))
const START_TIMEOUT_MS = 20_000

/** An agent, a process of its own, that answers as the one at `behind` unless a question names a spoil; see `faulty-agent.ts`. */
export async function startFaultyAgent(behind: string): Promise<{
  url: string
  /** Connections on which a stream is open. */
  open(): Promise<number>
  close(): Promise<void>
}> {
  const child = fork(MAIN, [behind], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exit = once(child, 'exit')
  const [port] = (await once(child, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) })) as [number]
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    open: async () => Number(await (await fetch(`${url}/open`, { signal: AbortSignal.timeout(3000) })).text()),
    close: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}
