import type { JobView } from '@askwire/contracts'
import { ApiError, errorOfResponse } from './api-error.ts'
import { withRenewal } from './http-client.ts'

/** An upload of which nothing has moved for this long has failed. */
const STALL_MS = 60_000

export type ImportUpload = { onProgress(sent: number): void; signal: AbortSignal }

/**
 * Sends the file of an export and resolves to the job that takes it in. `onProgress` is told how many bytes are sent, which only the old way of
 * sending tells a page. Throws `ApiError`; `network` also when it was given up through `signal`.
 */
export function uploadImport(file: File, upload: ImportUpload): Promise<JobView> {
  return withRenewal(async () => {
    const response = await send(file, upload)
    if (!response.ok) throw await errorOfResponse(response)
    return (await response.json()) as JobView
  })
}

function send(file: File, { onProgress, signal }: ImportUpload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = (): void => reject(new ApiError('network', 'The file was not sent.', { retryable: true }))
    let stalled = setTimeout(() => request.abort(), STALL_MS)
    const moved = (): void => {
      clearTimeout(stalled)
      stalled = setTimeout(() => request.abort(), STALL_MS)
    }
    const giveUp = (): void => request.abort()
    signal.addEventListener('abort', giveUp)
    request.addEventListener('loadend', () => {
      clearTimeout(stalled)
      signal.removeEventListener('abort', giveUp)
    })
    request.upload.addEventListener('progress', ({ loaded }) => {
      moved()
      onProgress(loaded)
    })
    request.addEventListener('load', () => resolve(responseOf(request)))
    for (const event of ['error', 'abort', 'timeout']) request.addEventListener(event, fail)
    request.open('POST', '/api/import')
    request.setRequestHeader('Content-Type', mediaTypeOf(file))
    request.setRequestHeader('Accept', 'application/json')
    request.send(file)
  })
}

function responseOf(request: XMLHttpRequest): Response {
  const retryAfter = request.getResponseHeader('Retry-After')
  const headers = { ...(retryAfter !== null && { 'Retry-After': retryAfter }) }
  return new Response(request.responseText, { status: request.status, headers })
}

/** What browsers and systems call an archive differs; its name does not. The gateway looks at what is in it. */
const mediaTypeOf = ({ name }: File): string => (/\.zip$/i.test(name) ? 'application/zip' : 'application/json')
