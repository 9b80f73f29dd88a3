import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

// Below 32768, where Linux starts to hand out ports to outgoing connections: a server that comes back after a fault
// must not find its port used by some client.
const FIRST_PORT = 20_000
const LAST_PORT = 31_990
const BLOCK = 10

/**
 * `count` neighbouring free loopback ports. The first try follows from `seed`, so one clone gets the same ports each time
 * and two clones hardly ever meet; when any is in use, or in `reserved`, the next block is tried.
 */
export async function choosePorts(
  seed: string,
  count: number,
  reserved: ReadonlySet<number> = new Set(),
): Promise<number[]> {
  if (count > BLOCK) throw new Error(`at most ${BLOCK} ports at once`)
  const blocks = Math.floor((LAST_PORT - FIRST_PORT) / BLOCK)
  const first = createHash('sha256').update(seed).digest().readUInt32BE(0) % blocks
  for (let step = 0; step < blocks; step++) {
    const base = FIRST_PORT + ((first + step) % blocks) * BLOCK
    const ports = Array.from({ length: count }, (_, index) => base + index)
    if (!ports.some((port) => reserved.has(port)) && (await arePortsFree(ports))) return ports
  }
  throw new Error(`no ${count} neighbouring free ports between ${FIRST_PORT} and ${LAST_PORT}`)
}

/** True when every port can be listened on at 127.0.0.1 now. */
export async function arePortsFree(ports: readonly number[]): Promise<boolean> {
  return (await Promise.all(ports.map(isFree))).every((free) => free)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
