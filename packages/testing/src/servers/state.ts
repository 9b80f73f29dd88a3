import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { withLock } from './with-lock.ts'

export const SERVER_KINDS = ['epmd', 'rabbit', 'postgres', 'redis'] as const
export type ServerKind = (typeof SERVER_KINDS)[number]

/** One server of ours: `ports` by the kind's own names, a random password, and its process while it runs natively. */
const instance = z.object({
  name: z.string(),
  kind: z.enum(SERVER_KINDS),
  ports: z.record(z.string(), z.int()),
  password: z.string(),
  running: z.boolean(),
  process: z.object({ pid: z.int(), startTicks: z.string() }).optional(),
})
export type Instance = z.infer<typeof instance>

const state = z.object({
  version: z.literal(1),
  driver: z.enum(['native', 'compose']),
  /** Where the servers keep their data; not always beside this file, see `chooseDataRoot`. */
  dataRoot: z.string(),
  /** Part of node, project and socket names: tells the servers of two clones apart. */
  id: z.string(),
  /** What Erlang nodes of this clone share. */
  cookie: z.string(),
  instances: z.record(z.string(), instance),
})
export type State = z.infer<typeof state>

/** The repository this file belongs to; servers are one set per clone. */
export const DEFAULT_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')

export function serversFolder(root: string): string {
  return join(root, '.servers')
}

/** The remembered state, `undefined` when there is none. A file from another version counts as none. */
export function readState(root: string): State | undefined {
  try {
    const parsed = state.safeParse(JSON.parse(readFileSync(join(serversFolder(root), 'state.json'), 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Replaces the state file in one step, readable by its owner alone: it holds the passwords. */
export function writeState(root: string, next: State): void {
  const folder = serversFolder(root)
  mkdirSync(folder, { recursive: true })
  const draft = join(folder, `state.json.${process.pid}`)
  writeFileSync(draft, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, join(folder, 'state.json'))
}

/** Changes one instance's entry while no other process changes the file; `undefined` removes it. */
export async function updateInstance(root: string, name: string, next: Instance | undefined): Promise<void> {
  await withLock(`state ${root}`, 10_000, async () => {
    const current = readState(root)
    if (current === undefined) throw new Error(`${serversFolder(root)} holds no servers`)
    const { [name]: _, ...others } = current.instances
    writeState(root, { ...current, instances: next === undefined ? others : { ...others, [name]: next } })
  })
}
