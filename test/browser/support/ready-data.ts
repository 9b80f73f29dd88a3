import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStandalone } from '../../support/start-standalone.ts'
import { FIXTURES } from './fixtures.ts'

/** How Jest's set-up tells its workers of the folder. */
const VARIABLE = 'ASKWIRE_BROWSER_DATA'

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'askwire-browser-'))

/**
 * Starts Askwire once in an empty folder and keeps what that leaves: a new database with the fixtures indexed. Making it anew costs
 * each start 4 s of processor time, of 8.
 */
export async function makeReadyData(): Promise<void> {
  const folder = emptyFolder()
  process.env[VARIABLE] = folder
  const askwire = await startStandalone({ dataDir: folder, knowledge: FIXTURES })
  await askwire.stop()
}

export function removeReadyData(): void {
  const folder = process.env[VARIABLE]
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}

/** A folder of its own with a copy of that. */
export function copyReadyData(): string {
  const folder = process.env[VARIABLE]
  if (folder === undefined) throw new Error('no data folder was made for the browser tests')
  const copy = emptyFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}
