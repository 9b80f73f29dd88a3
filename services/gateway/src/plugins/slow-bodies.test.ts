import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type FastifyInstance, fastify } from 'fastify'
import { rawRequest, statusOf } from '../test-support/raw-request.ts'
import { errorHandling } from './error-handling.ts'
import { slowBodies } from './slow-bodies.ts'

const TIMEOUT_MS = 150
/** Long enough that the time of a body is over for certain. */
const LONG_MS = 4 * TIMEOUT_MS
const PIECE_EVERY_MS = 10

let app: FastifyInstance
let port: number
beforeAll(async () => {
  app = fastify()
  await app.register(errorHandling)
  await app.register(slowBodies, { timeoutMs: TIMEOUT_MS })
  app.post('/form', async ({ body }) => body)
  app.post('/stream', async (_request, reply) => {
    reply.hijack()
    const startedAt = performance.now()
    const beat = setInterval(() => {
      if (performance.now() - startedAt < LONG_MS) return void reply.raw.write('beat\n')
      clearInterval(beat)
      reply.raw.end('the end')
    }, PIECE_EVERY_MS)
  })
  app.register(async (room) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text))
    room.post('/file', { config: { isUpload: true } }, async ({ body }) => ({ length: String(body).length }))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})
afterAll(async () => await app.close())

const head = (path: string, length: number | 'chunked'): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    'Content-Type: application/json',
    length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
    '\r\n',
  ].join('\r\n')

/** Sends a head and then piece after piece, until `isOver` and then what is `last`; gives what came back until the other side closed. */
async function trickle(start: string, piece: string, isOver = () => false, last = ''): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  let answer = ''
  socket.setEncoding('latin1').on('data', (part) => {
    answer += String(part)
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(start)
  const sending = setInterval(() => {
    socket.write(isOver() ? last : piece)
    if (isOver()) clearInterval(sending)
  }, PIECE_EVERY_MS)
  const late = setTimeout(() => socket.destroy(), 60_000)
  // Not `once`, which rejects when a piece meets a connection that was just closed.
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(sending)
  clearTimeout(late)
  return answer
}

describe('a body that arrives too slowly', () => {
  test('a byte at a time: 408 in the one error shape, and the connection is closed', async () => {
    const answer = await trickle(head('/form', 1_000_000), ' ')
    expect(statusOf(answer)).toBe(408)
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      error: { code: 'invalid_request', statusCode: 408 },
    })
    expect(answer.toLowerCase()).toContain('connection: close')
  })

  test('in small chunks, or not at all after its first byte', async () => {
    expect(statusOf(await trickle(head('/form', 'chunked'), '1\r\n \r\n'))).toBe(408)
    expect(statusOf(await rawRequest(port, `${head('/form', 20)}{`))).toBe(408)
  })

  test('a file has longer', async () => {
    const startedAt = performance.now()
    const isOver = (): boolean => performance.now() - startedAt > LONG_MS
    const answer = await trickle(head('/file', 'chunked'), '1\r\nx\r\n', isOver, '1\r\nx\r\n0\r\n\r\n')
    expect(statusOf(answer)).toBe(200)
  })
})

test('a body that came at once is answered for as long as the answer takes', async () => {
  const body = '{"message":"hello"}'
  const answer = await rawRequest(port, `${head('/stream', body.length)}${body}`)
  expect(statusOf(answer)).toBe(200)
  expect(answer).toContain('the end')
  expect(statusOf(await rawRequest(port, `${head('/form', body.length)}${body}`))).toBe(200)
})
