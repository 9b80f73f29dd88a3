import type { Accepted, Cancelled, ChunkView, MessageView, Page, RunView } from '@askwire/contracts'
import { ApiError } from './api-error.ts'
import { requestJson } from './http-client.ts'

/** Tries of one question: the same idempotency key makes a repeated request harmless. */
const ASK_TRIES = 3
const ASK_PAUSE_MS = 800

/** Sends a question. A lost connection is tried again under the same key, so it is asked once. Throws `ApiError`. */
export async function askQuestion(question: { message: string; sessionId?: string | undefined }): Promise<Accepted> {
  const headers = { 'Idempotency-Key': newKey() }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestJson<Accepted>('/api/chat', { method: 'POST', body: question, headers })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'network' || attempt >= ASK_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, ASK_PAUSE_MS * attempt))
    }
  }
}

/** Stops a run; resolves when what was answered so far is stored. */
export function cancelRun(runId: string): Promise<Cancelled> {
  return requestJson(`/api/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST' })
}

/** A run as the database has it. */
export function getRun(runId: string): Promise<RunView> {
  return requestJson(`/api/runs/${encodeURIComponent(runId)}`)
}

/** A page of a session's messages, newest first. */
export function listMessages(sessionId: string, cursor?: string): Promise<Page<MessageView>> {
  const query = new URLSearchParams({ limit: '50', ...(cursor !== undefined && { cursor }) })
  return requestJson(`/api/sessions/${encodeURIComponent(sessionId)}/messages?${query}`)
}

/** The passage behind a citation, with the text around it. */
export function getChunk(documentId: string, chunkId: string, signal?: AbortSignal): Promise<ChunkView> {
  const path = `/api/documents/${encodeURIComponent(documentId)}/chunks/${encodeURIComponent(chunkId)}`
  return requestJson(path, { signal })
}

/** Works on plain-HTTP addresses too, where `crypto.randomUUID` is not there. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
