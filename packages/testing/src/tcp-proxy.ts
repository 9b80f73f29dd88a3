import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/**
 * `blackhole` is a cut cable: nothing gets through, not even that an end closed; what TCP still holds goes on when the
 * mode is `pass` again. `refuse` cuts new connections.
 */
export type TcpProxyMode = 'pass' | 'blackhole' | 'refuse'

/** A hop that can be spoiled on purpose. All knobs act at once, on open connections and on new ones. */
export type TcpProxy = {
  readonly port: number
  /** The given URL with this proxy's address in place of its host and port. */
  url(original: string): string
  mode: TcpProxyMode
  /** Delay of every chunk, each way. Order is kept. */
  latencyMs: number
  /** Cuts every open connection with a TCP reset. */
  reset(): void
  /** Connections open now. */
  connections(): number
  close(): Promise<void>
}

type Pair = { client: Socket; server: Socket }

/** Listens on a free loopback port and passes everything to `target`. */
export async function startTcpProxy({ target }: { target: { host: string; port: number } }): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const waiting: (() => void)[] = []
  let mode: TcpProxyMode = 'pass'
  let latencyMs = 0

  /** Runs `act` now, or once the cable is whole again. */
  function whenWhole(act: () => void): void {
    if (mode === 'blackhole') waiting.push(act)
    else act()
  }

  /** Holds each chunk while the cable is cut: the sender's buffers fill up behind it, as they do in life. */
  function createHop(): Transform {
    return new Transform({
      transform: (chunk, _encoding, done) => {
        const pass = (): void => whenWhole(() => done(null, chunk))
        if (latencyMs > 0) setTimeout(pass, latencyMs)
        else pass()
      },
      flush: (done) => whenWhole(done),
    })
  }

  const listener = createServer({ noDelay: true }, (client) => {
    client.on('error', () => {})
    if (mode === 'refuse') {
      client.resetAndDestroy()
      return
    }
    const pair: Pair = { client, server: connect({ ...target, noDelay: true }).on('error', () => {}) }
    const end = (): void => whenWhole(() => drop(pair))
    pair.client.on('close', end).pipe(createHop()).pipe(pair.server)
    pair.server.on('close', end).pipe(createHop()).pipe(pair.client)
    pairs.add(pair)
  })

  function drop(pair: Pair, how: 'destroy' | 'resetAndDestroy' = 'destroy'): void {
    pairs.delete(pair)
    pair.client[how]()
    pair.server[how]()
  }

  const port = await new Promise<number>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port))
  })

  return {
    port,
    url: (original) => {
      const url = new URL(original)
      url.hostname = '127.0.0.1'
      url.port = String(port)
      return url.href
    },
    get mode() {
      return mode
    },
    set mode(next) {
      mode = next
      if (mode !== 'blackhole') for (const act of waiting.splice(0)) act()
    },
    get latencyMs() {
      return latencyMs
    },
    set latencyMs(next) {
      latencyMs = next
    },
    reset: () => {
      for (const pair of [...pairs]) drop(pair, 'resetAndDestroy')
    },
    connections: () => pairs.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()))
      for (const pair of [...pairs]) drop(pair)
      await closed
    },
  }
}
