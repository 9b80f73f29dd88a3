import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { behaviourFor, type FakeBehaviour } from './behaviour.ts'
import { createRequestLog, type FakeMessage, type FakeRequest } from './request-log.ts'
import { sendJson } from './send.ts'
import { serveModel } from './serve-model.ts'
import { createTickWheel } from './tick-wheel.ts'

export type FakeModel = {
  /** The base URL for an OpenAI client, ending in `/v1`. */
  readonly baseUrl: string
  readonly port: number
  /** Sets how requests are answered whose model name does not say; replaces what was set before and counts `times` anew. */
  behave(behaviour: Partial<FakeBehaviour>): void
  /** Lets the answers go on that `hold` has stopped. */
  release(): void
  /** The newest requests, oldest first. */
  readonly requests: readonly FakeRequest[]
  /** Requests whose response is not over. */
  readonly openStreams: number
  /** Forgets requests and behaviour. */
  reset(): void
  /** Destroys all sockets. */
  close(): Promise<void>
}

const MAX_BODY_BYTES = 16 * 1024 * 1024

/**
 * An OpenAI-compatible model server on loopback that does as it is told: `/v1/chat/completions`, `/v1/embeddings`,
 * `/v1/models`, and for other processes `GET /__fake/requests`, `POST /__fake/behave`, `POST /__fake/reset`.
 */
export async function startFakeModel(options: { port?: number; maxRequests?: number } = {}): Promise<FakeModel> {
  const log = createRequestLog(options.maxRequests ?? 5_000)
  const wheel = createTickWheel()
  let base: Partial<FakeBehaviour> = {}
  let openStreams = 0
  let held: (() => void)[] = []

  const behave = (behaviour: Partial<FakeBehaviour>): void => {
    base = behaviour
    log.beginCounts()
  }
  const release = (): void => {
    const stopped = held
    held = []
    for (const goOn of stopped) goOn()
  }
  const reset = (): void => {
    log.clear()
    base = {}
    held = []
  }

  const serveRecorded = (
    path: string,
    body: Record<string, unknown>,
    message: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const model = String(body.model)
    const behaviour = behaviourFor(model, base)
    const request = log.add({
      path,
      model,
      body,
      stream: body.stream === true,
      authorization: message.headers.authorization,
      messages: Array.isArray(body.messages) ? (body.messages as FakeMessage[]) : [],
    })
    openStreams += 1
    response.once('close', () => {
      openStreams -= 1
      request.closedAt = Date.now()
      request.closedByClient = !response.writableEnded && !request.cut
    })
    const failing = behaviour.times === undefined || log.countOf(model) <= behaviour.times
    serveModel(response, request, { behaviour, failing, wheel, hold: (goOn) => void held.push(goOn) })
  }

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (message.url ?? '').split('?')[0] ?? ''
    const route = `${message.method} ${path}`
    switch (route) {
      case 'POST /v1/chat/completions':
      case 'POST /v1/embeddings':
        serveRecorded(path, await readJson(message), message, response)
        break
      case 'GET /v1/models':
        sendJson(response, 200, { object: 'list', data: [{ id: 'fake', object: 'model', owned_by: 'askwire' }] })
        break
      case 'GET /__fake/requests':
        sendJson(response, 200, { openStreams, requests: log.requests })
        break
      case 'POST /__fake/behave':
        behave(behaviourFor('', await readJson(message)))
        sendJson(response, 200, {})
        break
      case 'POST /__fake/reset':
        reset()
        sendJson(response, 200, {})
        break
      default:
        sendJson(response, 404, { error: { message: `no route ${route}`, type: 'invalid_request_error' } })
    }
  }

  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (message, response) => {
    serve(message, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendJson(response, 400, { error: { message: String(error), type: 'invalid_request_error' } })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port ?? 0, host: '127.0.0.1', backlog: 4096 }, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    behave,
    release,
    requests: log.requests,
    get openStreams() {
      return openStreams
    },
    reset,
    close: () =>
      new Promise((resolve) => {
        wheel.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readJson(message: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of message) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) throw new Error('body too large')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>
}
