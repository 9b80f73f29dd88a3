import type { MemberView, Page, SessionDetail, SharedSnapshot, ShareView } from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { queryOf } from './query-of.ts'
import { sendRequest } from './send-request.ts'

const sessionPath = (sessionId: string): string => `/api/sessions/${encodeURIComponent(sessionId)}`
const sharedPath = (key: string): string => `/api/shared/${encodeURIComponent(key)}`
const post = (body: unknown) => ({ method: 'POST', body }) as const
const remove = { method: 'DELETE' } as const

export type CreatedShare = ShareView & { url: string }
export type NewShare = { leafId?: string; expiresInDays?: number; password?: string }
/** Keeps a snapshot of one branch; its address is in the answer and nowhere else. */
export const createShare = (sessionId: string, share: NewShare): Promise<CreatedShare> =>
  requestJson(`${sessionPath(sessionId)}/share`, post(share))

export const listShares = (cursor?: string): Promise<Page<ShareView>> =>
  requestJson(`/api/shares${queryOf({ limit: 100, cursor })}`)

export const revokeShare = (shareId: string): Promise<void> =>
  requestJson(`/api/shares/${encodeURIComponent(shareId)}`, remove)

/** Pages of one's shares that are looked through for those of one session. */
const MAX_PAGES = 20

/** The shares of one session of mine, newest first. */
export async function listSharesOf(sessionId: string): Promise<ShareView[]> {
  const found: ShareView[] = []
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, nextCursor } = await listShares(cursor)
    found.push(...items.filter((share) => share.sessionId === sessionId))
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return found
}

export const listMembers = (sessionId: string): Promise<{ items: MemberView[] }> =>
  requestJson(`${sessionPath(sessionId)}/members`)

export type Member = { access: MemberView['access'] } & ({ email: string } | { userId: string })
/** Opens a session of mine to a colleague, or changes what they may. */
export const putMember = (sessionId: string, member: Member): Promise<MemberView> =>
  requestJson(`${sessionPath(sessionId)}/members`, post(member))

export const removeMember = (sessionId: string, userId: string): Promise<void> =>
  requestJson(`${sessionPath(sessionId)}/members/${encodeURIComponent(userId)}`, remove)

/** Takes myself out of a session of a colleague's. */
export const leaveSession = (sessionId: string): Promise<void> =>
  requestJson(`${sessionPath(sessionId)}/leave`, { method: 'POST' })

/** What the key of a share opens, for whoever has it: nobody has to be signed in. */
export const openShared = (key: string, password?: string): Promise<SharedSnapshot> =>
  password === undefined ? sendRequest(sharedPath(key)) : sendRequest(sharedPath(key), post({ password }))

/** Makes a session of mine of what the key opens. */
export const copyShared = (key: string, password?: string): Promise<SessionDetail> =>
  requestJson(`${sharedPath(key)}/copy`, post(password === undefined ? {} : { password }))
