import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { choosePorts } from './choose-ports.ts'

describe('choosePorts', () => {
  const taken: Server[] = []
  afterEach(async () => {
    await Promise.all(taken.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
  })

  async function take(port: number): Promise<void> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    taken.push(server)
  }

  test('gives one seed the same neighbouring ports each time', async () => {
    const ports = await choosePorts('a clone', 3)
    expect(await choosePorts('a clone', 3)).toEqual(ports)
    expect(ports).toEqual([ports[0], ports[0]! + 1, ports[0]! + 2])
  })

  test('moves on when any of them is in use', async () => {
    const first = await choosePorts('a busy clone', 3)
    await take(first[1]!)
    const next = await choosePorts('a busy clone', 3)
    expect(next.filter((port) => first.includes(port))).toEqual([])
  })

  test('moves on when any of them is reserved, though nothing listens there', async () => {
    const first = await choosePorts('a sleeping clone', 3)
    const next = await choosePorts('a sleeping clone', 3, new Set([first[2]!]))
    expect(next.filter((port) => first.includes(port))).toEqual([])
  })
})
