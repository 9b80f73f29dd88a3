import type { Servers } from '../../packages/testing/src/servers/index.ts'
import type { Loader } from './loader-client.ts'

/** What every part of the benchmark works with. */
export type Bench = {
  root: string
  servers: Servers
  loader: Loader
  fake: { url: string; pid: number | undefined }
  /** Servers to compare with; empty without `--peers`. */
  peers: Peer[]
  quick: boolean
  signal: AbortSignal
  say(line: string): void
}

export type Peer = { kind: 'portkey' | 'langgraph'; name: string; url: string; pid: number | undefined }
