import { ApiError } from './api-error.ts'
import { requestJson } from './http-client.ts'
import type { RequestOptions } from './send-request.ts'

/** Tries of one request: the same idempotency key makes a repeated one harmless. */
const TRIES = 3
const PAUSE_MS = 800

/** Sends a request that must not be done twice. A lost connection is tried again under the same key. Throws `ApiError`. */
export async function requestOnce<T>(path: string, options: RequestOptions): Promise<T> {
  const headers = { ...options.headers, 'Idempotency-Key': newKey() }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestJson<T>(path, { ...options, headers })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'network' || attempt >= TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt))
    }
  }
}

/** Works on plain-HTTP addresses too, where `crypto.randomUUID` is not there. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
