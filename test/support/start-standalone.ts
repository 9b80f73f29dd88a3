import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitFor } from '@askwire/testing'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const START_MS = 120_000
const STOP_MS = 60_000

export type StandaloneProcess = { url: string; port: number; stop(): Promise<void> }

/** Starts Askwire as `npm start` does, on a free port, and waits until it tells its address. The folder of its data is the caller's. */
export async function startStandalone({
  dataDir,
  knowledge,
  env = {},
}: {
  dataDir: string
  knowledge: string
  env?: Record<string, string>
}): Promise<StandaloneProcess> {
  const args = [join(ROOT, 'services/standalone/src/main.ts'), '--port', '0', '--knowledge', knowledge]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ASKWIRE_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const stop = (): Promise<void> => endProcess(child)
  const url = await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output}`)
      return /Page\s+(http:\S+)/.exec(output)?.[1]
    },
    { what: 'the standalone process tells its address', timeoutMs: START_MS, intervalMs: 100 },
  ).catch(async (error: unknown) => {
    await stop()
    throw new Error(`standalone did not start: ${output}`, { cause: error })
  })
  return { url, port: Number(new URL(url).port), stop }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(late)
}
