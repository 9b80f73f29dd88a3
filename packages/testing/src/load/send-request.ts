import { request } from 'node:http'

export type Response = { status: number; body: Record<string, unknown> }

/** Sends one request on a connection of its own and reads its JSON. Rejects with the socket's error, or after `timeoutMs`. */
export async function sendRequest(
  url: string,
  options: { method?: 'GET' | 'POST'; json?: unknown; headers?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Response> {
  const { method = 'GET', json, headers = {}, timeoutMs = 30_000 } = options
  const body = json === undefined ? undefined : JSON.stringify(json)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return await new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      agent: false,
      headers: { ...type, ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('error', reject)
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: parseObject(text) })
        } catch (error) {
          reject(error)
        }
      })
    })
    sent.end(body)
  })
}

function parseObject(text: string): Record<string, unknown> {
  if (text === '') return {}
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
