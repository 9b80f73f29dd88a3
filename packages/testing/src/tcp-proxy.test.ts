import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { waitFor } from './wait-for.ts'

const open: { echo?: Server; proxy?: TcpProxy; sockets: Socket[] } = { sockets: [] }

async function start(): Promise<TcpProxy> {
  const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  open.echo = echo
  await once(echo, 'listening')
  open.proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: (echo.address() as AddressInfo).port } })
  return open.proxy
}

async function dial(proxy: TcpProxy): Promise<{ socket: Socket; received: () => string; closed: () => boolean }> {
  const socket = connect(proxy.port, '127.0.0.1')
  open.sockets.push(socket)
  let text = ''
  let closed = false
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket
    .on('error', () => {})
    .on('close', () => {
      closed = true
    })
  await once(socket, 'connect')
  return { socket, received: () => text, closed: () => closed }
}

afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  await open.proxy?.close()
  open.echo?.close()
})

describe('tcp proxy', () => {
  test('passes both ways and rewrites a URL', async () => {
    const proxy = await start()
    const { socket, received } = await dial(proxy)
    socket.write('hello')
    await waitFor(() => received() === 'hello', { what: 'the echo' })
    expect(proxy.url('amqp://u:p@broker:5672/v?heartbeat=1')).toBe(`amqp://u:p@127.0.0.1:${proxy.port}/v?heartbeat=1`)
  })

  test('holds everything while the cable is cut, without closing, and goes on after', async () => {
    const proxy = await start()
    const { socket, received, closed } = await dial(proxy)
    const leaving = await dial(proxy)
    await waitFor(() => proxy.connections() === 2, { what: 'both connections' })
    proxy.mode = 'blackhole'
    socket.write('held')
    leaving.socket.destroy()
    const late = await dial(proxy)
    late.socket.write('late')
    await waitFor(() => proxy.connections() === 3, { what: 'the connection made in the dark' })
    expect([received(), late.received()]).toEqual(['', ''])
    proxy.mode = 'pass'
    await waitFor(() => received() === 'held' && late.received() === 'late', { what: 'the echo after the dark' })
    await waitFor(() => proxy.connections() === 2, { what: 'the news that one end had left' })
    expect(closed()).toBe(false)
  })

  test('delays each chunk and keeps the order', async () => {
    const proxy = await start()
    proxy.latencyMs = 50
    const { socket, received } = await dial(proxy)
    const startedAt = performance.now()
    for (const part of ['a', 'b', 'c']) socket.write(part)
    await waitFor(() => received() === 'abc', { what: 'the echo' })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95)
  })

  test('resets what is open and refuses what comes', async () => {
    const proxy = await start()
    const { closed } = await dial(proxy)
    await waitFor(() => proxy.connections() === 1, { what: 'the connection' })
    proxy.reset()
    await waitFor(closed, { what: 'the reset' })
    proxy.mode = 'refuse'
    const refused = await dial(proxy).catch(() => undefined)
    await waitFor(() => refused === undefined || refused.closed(), { what: 'the refusal' })
    expect(proxy.connections()).toBe(0)
  })
})
