import type { Readable } from 'node:stream'

/** A file that can be read from any place on, without being in memory. */
export type ByteSource = {
  readonly bytes: number
  /** The bytes from `start` (included) to `end` (not). */
  read(start: number, end: number): Readable
}
