import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { errorBody } from '@askwire/contracts'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type FastifyInstance, fastify } from 'fastify'
import { answerBrokenRequest, answerUnroutable, errorHandling } from './error-handling.ts'

describe('what finds no route, or is no request', () => {
  let app: FastifyInstance
  beforeAll(async () => {
    app = fastify({ frameworkErrors: answerUnroutable, clientErrorHandler: answerBrokenRequest })
    await app.register(errorHandling)
    app.get('/things/:id', async () => ({ found: true }))
    await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => await app.close())

  /** Sends bytes and gives status and body of what comes before the server hangs up. */
  async function send(text: string): Promise<{ status: number; body: unknown }> {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    socket.setEncoding('utf8')
    socket.setTimeout(5000, () => socket.destroy())
    let answer = ''
    socket.on('data', (part: string) => {
      answer += part
    })
    socket.write(text)
    await once(socket, 'close')
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    return { status: Number(head.split(' ')[1]), body: JSON.parse(body) }
  }

  test.each([
    [
      'an address that cannot be decoded',
      'GET /things/%ED%A0%80%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      404,
    ],
    ['no HTTP at all', 'HELO mail.example.org\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ])('%s is answered in the one shape of errors, without its text', async (_what, text, status) => {
    const answer = await send(text)
    expect({ status: answer.status, error: errorBody.parse(answer.body).error.statusCode }).toEqual({
      status,
      error: status,
    })
    expect(JSON.stringify(answer.body)).not.toMatch(/things|HELO|FST_|HPE_/)
  })
})
