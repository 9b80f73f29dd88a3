import type { Accepted, Cancelled, ChunkView, RunView } from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { requestOnce } from './request-once.ts'

/** Sends a question, below the open branch unless a parent is named. Throws `ApiError`. */
export function askQuestion(question: {
  message: string
  sessionId?: string | undefined
  parentId?: string | undefined
}): Promise<Accepted> {
  return requestOnce('/api/chat', { method: 'POST', body: question })
}

/** Stops a run; resolves when what was answered so far is stored. */
export function cancelRun(runId: string): Promise<Cancelled> {
  return requestJson(`/api/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST' })
}

/** A run as the database has it. */
export function getRun(runId: string): Promise<RunView> {
  return requestJson(`/api/runs/${encodeURIComponent(runId)}`)
}

/** The passage behind a citation, with the text around it. */
export function getChunk(documentId: string, chunkId: string, signal?: AbortSignal): Promise<ChunkView> {
  const path = `/api/documents/${encodeURIComponent(documentId)}/chunks/${encodeURIComponent(chunkId)}`
  return requestJson(path, { signal })
}
