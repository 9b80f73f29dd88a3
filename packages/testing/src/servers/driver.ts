import type { Instance, State } from './state.ts'

/** Receives progress, one line at a time, never a secret. */
export type Log = (line: string) => void

export type StopMode = 'fast' | 'immediate'

/** A way to run servers: as processes of this machine, or in containers. */
export type Driver = {
  /** Which instances a full set consists of, in start order groups: a group starts together. */
  readonly set: readonly (readonly { name: string; kind: Instance['kind'] }[])[]
  /** Starts the instance (making its data first when there is none) without waiting until it answers. */
  launch(state: State, instance: Instance): Promise<Instance>
  isRunning(state: State, instance: Instance): boolean
  /** Sends a signal; with `tree` also to every child process. SIGKILL resolves once all of them are gone. */
  signal(state: State, instance: Instance, signal: NodeJS.Signals, tree: boolean): Promise<void>
  /** Stops it in order, by force when that takes more than 20 s; `immediate` is PostgreSQL's crash-like stop. */
  stop(state: State, instance: Instance, mode: StopMode): Promise<void>
  /** Runs `rabbitmqctl` against a RabbitMQ instance and returns what it printed. */
  ctl(state: State, instance: Instance, args: readonly string[]): Promise<string>
  /** Deletes the data of a stopped instance. */
  remove(state: State, instance: Instance): Promise<void>
  /** Where an operator finds what the server logged. */
  logHint(state: State, instance: Instance): string
}

/** No real server can be had on this machine; the message says why and what would help. */
export class ServersUnavailable extends Error {
  override readonly name = 'ServersUnavailable'
}
