import { readdirSync, readFileSync } from 'node:fs'
import { waitFor } from '../wait-for.ts'

/** One process, not merely a number: the start time tells it from a later process with the same pid. Linux only. */
export type ProcessRef = { pid: number; startTicks: string }

/** The process that has `pid` now; `undefined` when there is none, or only its zombie. */
export function findProcess(pid: number): ProcessRef | undefined {
  const stat = readStat(pid)
  return stat === undefined || stat.state === 'Z' ? undefined : { pid, startTicks: stat.startTicks }
}

export function isAlive(ref: ProcessRef | undefined): ref is ProcessRef {
  return ref !== undefined && findProcess(ref.pid)?.startTicks === ref.startTicks
}

/** Sends the signal if this very process still lives; says whether it did. */
export function signalProcess(ref: ProcessRef, signal: NodeJS.Signals): boolean {
  if (!isAlive(ref)) return false
  try {
    return process.kill(ref.pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** All living descendants of a process, parents first. */
export function descendants(ref: ProcessRef): ProcessRef[] {
  const children = new Map<number, ProcessRef[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = readStat(Number(entry))
    if (stat === undefined || stat.state === 'Z') continue
    const siblings = children.get(stat.parent) ?? []
    siblings.push({ pid: Number(entry), startTicks: stat.startTicks })
    children.set(stat.parent, siblings)
  }
  const found: ProcessRef[] = []
  const queue = [ref]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const direct = children.get(next.pid) ?? []
    found.push(...direct)
    queue.push(...direct)
  }
  return found
}

/** Resolves once none of the processes lives; rejects after `timeoutMs`. */
export async function waitForExit(refs: readonly ProcessRef[], timeoutMs: number): Promise<void> {
  const pids = refs.map((ref) => ref.pid).join(', ')
  await waitFor(() => !refs.some(isAlive), { timeoutMs, what: `end of process ${pids}` })
}

/** Resolves once every thread of the process stands still; rejects after `timeoutMs`. The signal alone only asks for it. */
export async function waitForStop(ref: ProcessRef, timeoutMs: number): Promise<void> {
  const standing = (): boolean =>
    readdirSync(`/proc/${ref.pid}/task`).every((thread) => readStat(ref.pid, thread)?.state === 'T')
  await waitFor(() => !isAlive(ref) || standing(), { timeoutMs, what: `standstill of process ${ref.pid}` })
}

function readStat(pid: number, thread?: string): { state: string; parent: number; startTicks: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}${thread === undefined ? '' : `/task/${thread}`}/stat`, 'latin1')
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
