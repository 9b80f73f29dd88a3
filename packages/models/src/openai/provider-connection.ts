import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** No connection, or it broke before the response was whole. Says nothing of the address. */
export class ProviderConnectionError extends Error {
  constructor() {
    super('the connection failed')
    this.name = 'ProviderConnectionError'
  }
}

/** A status other than 2xx. Of the response it keeps only when to come back: no word of it may reach an error or a log. */
export class ProviderRefusal extends Error {
  readonly status: number
  readonly headers: Headers

  constructor(response: IncomingMessage) {
    super(`HTTP ${response.statusCode}`)
    this.name = 'ProviderRefusal'
    this.status = response.statusCode ?? 500
    this.headers = new Headers()
    for (const name of ['retry-after', 'retry-after-ms']) {
      const value = response.headers[name]
      if (typeof value === 'string') this.headers.set(name, value)
    }
  }
}

export type ProviderConnection = {
  /**
   * Sends JSON and resolves with the response of a status of 2xx; whoever gets it reads it to its end or destroys it. An
   * aborted signal closes the socket at once, also after the headers. Throws `ProviderConnectionError` and `ProviderRefusal`.
   */
  post(path: string, body: unknown, signal: AbortSignal): Promise<IncomingMessage>
}

/** More than the answers one process takes at once; who comes beyond waits for a socket, on its own time. */
const MAX_SOCKETS = 4096
const MAX_IDLE_SOCKETS = 256

/**
 * Connections kept open to one provider, over `node:http`: a `fetch` costs more for each request and for each chunk than all
 * the rest of an answer's reading. Redirects are not followed, so a key never goes to another address than the one configured.
 */
export function createProviderConnection(options: { baseUrl: string; apiKey?: string }): ProviderConnection {
  const base = options.baseUrl.replace(/\/+$/, '')
  const secure = new URL(base).protocol === 'https:'
  const pool = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_IDLE_SOCKETS }
  const agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool)
  const start = secure ? httpsRequest : httpRequest

  const send = (url: URL, body: Buffer, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = start(url, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          accept: 'text/event-stream, application/json',
          'accept-encoding': 'identity',
          ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
        },
      })
      let answered = false
      const cut = (): void => void request.destroy()
      signal.addEventListener('abort', cut, { once: true })
      request.on('close', () => signal.removeEventListener('abort', cut))
      request.on('error', () => {
        // A socket kept open may have been closed by the provider just as it was taken: then nothing was asked yet.
        const stale = request.reusedSocket && !answered && !signal.aborted
        if (stale) send(url, body, signal).then(resolve, reject)
        else reject(new ProviderConnectionError())
      })
      request.on('response', (response) => {
        answered = true
        const status = response.statusCode ?? 500
        if (status >= 200 && status < 300) return resolve(response)
        reject(new ProviderRefusal(response))
        request.destroy()
      })
      request.end(body)
    })

  return {
    post: async (path, body, signal) => {
      if (signal.aborted) throw new ProviderConnectionError()
      return await send(new URL(base + path), Buffer.from(JSON.stringify(body)), signal)
    },
  }
}
