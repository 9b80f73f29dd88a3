import type { ServerResponse } from 'node:http'

/** Ends a response with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json', JSON.stringify(body))
}

/** Ends a response with a text. */
export function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text)
}

/** Ends a response with an error as providers send it. Its text must never be seen beyond the model adapter. */
export function sendFailure(response: ServerResponse, status: number, retryAfter: number | undefined): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter))
  sendJson(response, status, {
    error: { message: `secret detail of the provider for ${status}`, type: 'fake_error', code: null },
  })
}
