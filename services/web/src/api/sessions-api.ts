import type {
  BulkSessionsRequest,
  CreateSessionRequest,
  FolderView,
  Page,
  SearchHit,
  SearchQuery,
  SessionDetail,
  SessionsQuery,
  SessionView,
  TagCount,
  UpdateSessionRequest,
} from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { queryOf } from './query-of.ts'

const pathOf = (sessionId: string): string => `/api/sessions/${encodeURIComponent(sessionId)}`

export type ListSessionsQuery = {
  archived?: boolean
  pinned?: boolean
  trash?: boolean
  shared?: boolean
  tag?: string | undefined
  folderId?: string | undefined
  model?: string | undefined
  from?: string | undefined
  to?: string | undefined
  sort?: SessionsQuery['sort']
  cursor?: string | undefined
  limit?: number
}

export const listSessions = (query: ListSessionsQuery): Promise<Page<SessionView>> =>
  requestJson(`/api/sessions${queryOf(query)}`)

export const getSession = (sessionId: string): Promise<SessionDetail> => requestJson(pathOf(sessionId))

export const createSession = (session: Partial<CreateSessionRequest>): Promise<SessionDetail> =>
  requestJson('/api/sessions', { method: 'POST', body: session })

export const updateSession = (sessionId: string, change: UpdateSessionRequest): Promise<SessionDetail> =>
  requestJson(pathOf(sessionId), { method: 'PATCH', body: change })

/** Puts a session into the trash, from which it can be restored. */
export const deleteSession = (sessionId: string): Promise<void> => requestJson(pathOf(sessionId), { method: 'DELETE' })

/** Takes a session out of the trash. */
export const restoreSession = (sessionId: string): Promise<SessionDetail> =>
  requestJson(`${pathOf(sessionId)}/restore`, { method: 'POST' })

/** As the contract has it; its module can not be loaded by a browser. */
const MAX_BULK = 200

/** Does one thing to several sessions. Of more than one request takes, those before one that fails are done. */
export async function changeSessions(request: BulkSessionsRequest): Promise<void> {
  for (let from = 0; from < request.ids.length; from += MAX_BULK) {
    const body = { ...request, ids: request.ids.slice(from, from + MAX_BULK) }
    await requestJson('/api/sessions/bulk', { method: 'POST', body })
  }
}

export const listFolders = (): Promise<{ items: FolderView[] }> => requestJson('/api/folders')

export const createFolder = (name: string): Promise<FolderView> =>
  requestJson('/api/folders', { method: 'POST', body: { name } })

export const renameFolder = (folderId: string, name: string): Promise<FolderView> =>
  requestJson(`/api/folders/${encodeURIComponent(folderId)}`, { method: 'PATCH', body: { name } })

/** Deletes a folder; its sessions stay, in none. */
export const deleteFolder = (folderId: string): Promise<void> =>
  requestJson(`/api/folders/${encodeURIComponent(folderId)}`, { method: 'DELETE' })

export const listTags = (): Promise<{ items: TagCount[] }> => requestJson('/api/tags')

export type SearchRequest = Pick<SearchQuery, 'q'> & Partial<Omit<SearchQuery, 'q'>>
/** Full text over one's own questions, answers and titles, best first. */
export const search = (query: SearchRequest): Promise<Page<SearchHit>> => requestJson(`/api/search${queryOf(query)}`)
