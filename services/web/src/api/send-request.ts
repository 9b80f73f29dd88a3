import { ApiError, errorOfResponse } from './api-error.ts'

/** A request without an answer for this long has failed. Streams have their own watch. */
const REQUEST_TIMEOUT_MS = 30_000

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
}

/** Sends one JSON request with the page's cookies as they are. Throws `ApiError`; `network` when no answer came. */
export async function sendRequest<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
  const { method = 'GET', body, headers, signal } = options
  try {
    const response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    if (!response.ok) throw await errorOfResponse(response)
    // The gateway that serves the page checks its answers against the same schemas.
    return (response.status === 204 ? undefined : await response.json()) as T
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError('network', 'The server cannot be reached.', { retryable: true, cause: error })
  }
}
