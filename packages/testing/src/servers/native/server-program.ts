import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instance, State } from '../state.ts'
import type { RunAs } from './run-as.ts'

export type Launch = { command: string; args: string[]; env: Record<string, string> }

/** How one kind of server is run as a process: its files, its command line and the signals that stop it. */
export type ServerProgram = {
  /** Writes configuration and makes first data; called before every start, as the one that owns the folder. */
  prepare(state: State, instance: Instance, user: RunAs | undefined): Promise<void>
  launch(state: State, instance: Instance): Launch
  readonly stopSignals: { fast: NodeJS.Signals; immediate: NodeJS.Signals }
}

export function instanceFolder(state: State, instance: Instance): string {
  return join(state.dataRoot, instance.name)
}

/** Writes a file that only the server's account may read. */
export function writePrivateFile(path: string, text: string, user: RunAs | undefined): void {
  writeFileSync(path, text, { mode: 0o600 })
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}
