import { spawn } from 'node:child_process'
import { constants } from 'node:os'

export type CommandOptions = {
  cwd?: string
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
  timeoutMs: number
  /** Called for every finished line of output. */
  onLine?: (line: string) => void
}

/** The last part of a command's output is kept; an error shows that much. */
const MAX_OUTPUT_CHARS = 1_000_000

/** Runs a command to its end and returns what it printed. Rejects with its last lines when it fails or takes too long. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { timeoutMs, onLine, ...spawnOptions } = options
  const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let rest = ''
  const collect = (chunk: string): void => {
    output = (output + chunk).slice(-MAX_OUTPUT_CHARS)
    if (onLine === undefined) return
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (status, signal) => resolve(status ?? 128 + constants.signals[signal ?? 'SIGKILL']))
    })
    if (code === 0) return output
    const tail = output.trimEnd().split('\n').slice(-15).join('\n')
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${tail}`)
  } finally {
    clearTimeout(timer)
  }
}
