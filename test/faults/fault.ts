import type { OwnServers } from '@askwire/testing'
import type { Bench } from './bench.ts'

/** Which servers a fault stops or spoils, and so must belong to its cluster alone. */
export type Spoils = OwnServers

/** One row of the table. `provoke` brings the fault about, waits until it is over, and throws when more than the checker's invariants is broken. */
export type RunnableFault = {
  readonly id: string
  readonly name: string
  /** What must hold beyond the invariants, in words. */
  readonly holds: string
  readonly spoils: Spoils
  /** One of the sharpest, run with every `npm test`. */
  readonly smoke: boolean
  provoke(bench: Bench): Promise<void>
}

/** A row that cannot be provoked here and now, with the reason; or that another test already provokes. */
export type ListedFault = {
  readonly id: string
  readonly name: string
  readonly notHere: string
}

export type Fault = RunnableFault | ListedFault
export const isRunnable = (fault: Fault): fault is RunnableFault => 'provoke' in fault
