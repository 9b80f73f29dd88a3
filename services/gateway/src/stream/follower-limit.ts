import { readFileSync } from 'node:fs'

/** The part of the process's open files that streams may take; databases, queues and other requests need the rest. */
const STREAMS_SHARE = 0.75

/**
 * How many streams a gateway may hold: as many as configured, but never so many that no open file is left for anything else, which would
 * close new connections without a word instead of answering 503. `limits` is the text of Linux's `/proc/self/limits`.
 */
export function followerLimit(configured: number, limits: string = readLimits()): number {
  const soft = /^Max open files\s+(\d+)\s/m.exec(limits)?.[1]
  return soft === undefined ? configured : Math.min(configured, Math.floor(Number(soft) * STREAMS_SHARE))
}

/** Empty where there is no such file: then nothing is known of limits. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
