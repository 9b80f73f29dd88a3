import { Agent, request } from 'node:http'
import type { Seen } from './openapi-kit.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 32 })
const TIME_MS = 20_000

export type RawRequest = { method: string; path: string; headers?: Record<string, string>; body?: string | undefined }

/**
 * Sends a request as it is, with nothing mended on the way, and reads the whole answer; of an event stream only its head, and then it is
 * closed.
 */
export async function rawRequest(url: string, { method, path, headers = {}, body }: RawRequest): Promise<Seen> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(
      { agent, hostname, port, method, path, headers: { ...headers, ...length }, timeout: TIME_MS },
      (response) => {
        const contentType = response.headers['content-type'] ?? ''
        const status = response.statusCode ?? 0
        if (contentType.startsWith('text/event-stream')) {
          resolve({ status, contentType, body: '' })
          return void sent.destroy()
        }
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status, contentType, body: Buffer.concat(chunks).toString('utf8') }))
        response.on('error', reject)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)} in ${TIME_MS} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A value as part of a path or query; what cannot be encoded goes as the bytes of a broken encoding. */
export function encodePart(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return '%ED%A0%80%ff'
  }
}
