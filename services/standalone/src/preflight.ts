import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { ConfigError } from '@askwire/runtime'
import type { StandaloneConfig } from './config.ts'

/** Finds everything that would keep the process from starting, and throws it all at once as a `ConfigError`. */
export async function preflight(config: StandaloneConfig): Promise<void> {
  const problems = [
    folderProblem(config.ASKWIRE_DATA_DIR),
    knowledgeProblem(config.KNOWLEDGE_DIR),
    await portProblem(config),
  ]
  const found = problems.filter((problem) => problem !== undefined)
  if (found.length > 0) throw new ConfigError(found)
}

function folderProblem(folder: string): string | undefined {
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return `ASKWIRE_DATA_DIR: cannot write to ${folder} (${codeOf(error)})`
  }
}

/** Not `recursive`: Node's own never returns where a folder's parent exists and yet answers ENOENT, as `/proc` does. */
function makeFolder(folder: string): void {
  const missing: string[] = []
  for (let path = folder; !existsSync(path); path = dirname(path)) missing.push(path)
  for (const path of missing.reverse()) mkdirSync(path, { mode: 0o700 })
}

function knowledgeProblem(folder: string): string | undefined {
  try {
    return statSync(folder).isDirectory() ? undefined : `KNOWLEDGE_DIR: ${folder} is not a folder`
  } catch (error) {
    return `KNOWLEDGE_DIR: cannot read ${folder} (${codeOf(error)})`
  }
}

async function portProblem({ ASKWIRE_HOST: host, ASKWIRE_PORT: port }: StandaloneConfig): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => {
      const what =
        codeOf(error) === 'EADDRINUSE'
          ? 'is in use; choose another with --port'
          : `cannot be listened on (${codeOf(error)})`
      resolve(`ASKWIRE_PORT: ${host}:${port} ${what}`)
    })
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown')
