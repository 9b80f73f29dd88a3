import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createOpenAiChatModel } from './openai-chat-model.ts'
import { createProviderConnection } from './provider-connection.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function listen(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/path/v1/`
}

const never = new AbortController().signal

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

describe('a connection to a provider', () => {
  test('answers follow each other on one socket, below the path of the base URL', async () => {
    const sockets = new Set<Socket>()
    const url = await listen((request, response) => {
      sockets.add(request.socket)
      request.resume()
      response.write(`data: {"choices":[{"delta":{"content":"${request.url}"},"finish_reason":"stop"}]}\n\n`)
      response.end('data: [DONE]\n\n')
    })
    const chat = createOpenAiChatModel({ baseUrl: url, model: 'm' })
    for (let answer = 0; answer < 5; answer += 1) {
      const events = await Array.fromAsync(
        chat.stream({ messages: [], passages: [], question: '', signal: new AbortController().signal }),
      )
      expect(events[0]).toEqual({ kind: 'text', delta: '/some/path/v1/chat/completions' })
    }
    expect(sockets.size).toBe(1)
  })

  test('a kept socket that the provider has closed meanwhile costs no failure', async () => {
    let asked = 0
    const url = await listen((request, response) => {
      asked += 1
      // The second request comes on the first one's socket, which is cut as it arrives.
      if (asked === 2) return void request.socket.destroy()
      response.end('fine')
    })
    const connection = createProviderConnection({ baseUrl: url })
    expect(await read(await connection.post('/x', {}, never))).toBe('fine')
    await new Promise((resolve) => setImmediate(resolve))
    expect(await read(await connection.post('/x', {}, never))).toBe('fine')
    expect(asked).toBe(3)
  })

  test('a redirect is not followed: the key stays with the address it was given for', async () => {
    let asked = 0
    const url = await listen((_request, response) => {
      asked += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    const asking = createProviderConnection({ baseUrl: url, apiKey: 'k' }).post('/x', {}, never)
    await expect(asking).rejects.toMatchObject({ status: 307 })
    expect(asked).toBe(1)
  })
})
