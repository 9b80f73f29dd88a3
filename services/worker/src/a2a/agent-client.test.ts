import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AGENT_RPC_CODES, type AgentRequest, AppError, newId } from '@askwire/contracts'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createAgentClient } from './agent-client.ts'
import type { AgentEvent } from './agent-event.ts'

const request: AgentRequest = {
  schemaVersion: 1,
  runId: newId(),
  sessionId: newId(),
  attempt: 1,
  scope: { tenantId: newId(), userId: newId() },
  history: [],
}
const working = (data: unknown): unknown => ({
  statusUpdate: { taskId: 't', status: { state: 'TASK_STATE_WORKING', message: { parts: [{ data }] } } },
})
const text = (delta: string): unknown => ({
  artifactUpdate: { taskId: 't', artifact: { artifactId: 'answer', parts: [{ text: delta }] }, append: true },
})
const failed = { statusUpdate: { taskId: 't', status: { state: 'TASK_STATE_FAILED' } } }
const line = (result: unknown): string => `data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result })}\n\n`

/** The client against a server that does as each test says. */
describe('agent client', () => {
  let server: Server
  let behave: (incoming: IncomingMessage, response: ServerResponse) => void
  const clients: ReturnType<typeof createAgentClient>[] = []

  beforeEach(async () => {
    server = createServer((incoming, response) => {
      incoming.resume()
      behave(incoming, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const client = (limits: { connectMs?: number; idleMs?: number } = {}) => {
    const { port } = server.address() as AddressInfo
    const made = createAgentClient({
      url: `http://127.0.0.1:${port}`,
      authorization: async () => 'Bearer of-a-worker',
      connectMs: 20_000,
      idleMs: 20_000,
      ...limits,
    })
    clients.push(made)
    return made
  }
  const stream = (response: ServerResponse): ServerResponse =>
    response.writeHead(200, { 'content-type': 'text/event-stream' })
  const ask = async (limits = {}, signal = new AbortController().signal) => {
    const events: AgentEvent[] = []
    const end = await client(limits).ask('Why?', request, (event) => void events.push(event), signal)
    return { events, end }
  }

  test('reads a stream to its terminal state', async () => {
    behave = (_incoming, response) =>
      stream(response).end([working({ kind: 'started', model: 'm' }), text('a'), text('b'), failed].map(line).join(''))
    const { events, end } = await ask()
    expect(events.map((event) => event.kind)).toEqual(['progress', 'answer', 'answer'])
    expect(end).toMatchObject({ kind: 'failed' })
  })

  test('a socket is kept for the next answer, also when its last bytes come after the end', async () => {
    const sockets = new Set<unknown>()
    behave = (incoming, response) => {
      sockets.add(incoming.socket)
      stream(response).write(line(failed), () => response.end())
    }
    const one = client()
    for (let answer = 0; answer < 50; answer++)
      await one.ask('Why?', request, () => undefined, new AbortController().signal)
    // A question asked in the very turn of the last one's end may still need another.
    expect(sockets.size).toBeLessThan(10)
  })

  test('shows the service token, and nothing of it in an error', async () => {
    let authorization: string | undefined
    behave = (incoming, response) => {
      authorization = incoming.headers.authorization
      response.writeHead(401).end('{}')
    }
    const error = await ask().catch((thrown: unknown) => thrown)
    expect(authorization).toBe('Bearer of-a-worker')
    expect(error).toMatchObject({ code: 'agent_unavailable' })
    expect(String((error as Error).stack)).not.toContain('of-a-worker')
  })

  test.each([
    [
      'F18: an end without a terminal state',
      (response: ServerResponse) => stream(response).end(line(text('half'))),
      'agent_unavailable',
    ],
    [
      'F19: a connection that breaks',
      (response: ServerResponse) => stream(response).write(line(text('half')), () => response.destroy()),
      'agent_unavailable',
    ],
    ['HTTP 503', (response: ServerResponse) => response.writeHead(503).end(), 'agent_unavailable'],
    ['HTTP 400', (response: ServerResponse) => response.writeHead(400).end(), 'agent_failed'],
    ['F21: garbage', (response: ServerResponse) => stream(response).end('data: <html>\n\n'), 'agent_failed'],
    ['a draining agent', (response: ServerResponse) => refuse(response, AGENT_RPC_CODES.draining), 'agent_unavailable'],
    ['a later attempt', (response: ServerResponse) => refuse(response, AGENT_RPC_CODES.stale_attempt), 'stale_attempt'],
    ['F18: a JSON-RPC error', (response: ServerResponse) => refuse(response, -32_603), 'agent_failed'],
    [
      'JSON that is no refusal',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}'),
      'agent_failed',
    ],
  ])('%s', async (_what, act, code) => {
    behave = (_incoming, response) => void act(response)
    await expect(ask()).rejects.toMatchObject({ code })
  })

  const refuse = (response: ServerResponse, code: number): ServerResponse =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message: 'no' } }))

  test('F16: no first byte in time', async () => {
    behave = () => {}
    await expect(ask({ connectMs: 100 })).rejects.toMatchObject({ code: 'agent_timeout' })
  })

  test('F17: silence in the middle', async () => {
    behave = (_incoming, response) => void stream(response).write(line(text('half')))
    await expect(ask({ idleMs: 100 })).rejects.toMatchObject({ code: 'agent_timeout' })
  })

  test('no one there', async () => {
    const gone = client()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const asked = gone.ask('Why?', request, () => undefined, new AbortController().signal)
    await expect(asked).rejects.toMatchObject({ code: 'agent_unavailable' })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  test('an abort closes the socket and throws its own reason', async () => {
    const stop = new AbortController()
    const closed = new Promise((resolve) => {
      behave = (incoming, response) => {
        incoming.socket.once('close', resolve)
        stream(response).write(line(text('half')), () => stop.abort(new AppError('draining', 'bye')))
      }
    })
    await expect(ask({}, stop.signal)).rejects.toMatchObject({ code: 'draining' })
    await closed
  })

  test('the stream waits for a reader that is full', async () => {
    behave = (_incoming, response) => stream(response).end([text('a'), text('b'), failed].map(line).join(''))
    const order: string[] = []
    let go: () => void = () => {}
    const full = new Promise<void>((resolve) => {
      go = resolve
    })
    const asked = client().ask(
      'Why?',
      request,
      (event) => {
        order.push(event.kind === 'answer' ? event.delta : event.kind)
        return order.length === 1 ? full : undefined
      },
      new AbortController().signal,
    )
    while (order.length === 0) await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual(['a'])
    go()
    await asked
    expect(order).toEqual(['a', 'b'])
  })
})
