import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Balancer = { readonly url: string; close(): Promise<void> }

/** One address for several listeners: each connection goes to the next of `ports()`, or the one after when that refuses. */
export async function balanceConnections(ports: () => readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let turn = 0
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  }

  const pass = (client: Socket, candidates: readonly number[]): void => {
    const [port, ...others] = candidates
    if (port === undefined) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ port, host: '127.0.0.1', noDelay: true })
    keep(server).once('connect', () => {
      client.pipe(server).pipe(client)
      client.once('close', () => server.destroy())
      server
        .once('close', () => client.destroy())
        .removeAllListeners('error')
        .on('error', () => {})
    })
    server.once('error', () => pass(client, others))
  }

  const listener = createServer({ noDelay: true }, (client) => {
    keep(client)
    const all = ports()
    turn += 1
    pass(client, [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)])
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
