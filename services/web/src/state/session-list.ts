import type { SessionView } from '@askwire/contracts'

/** Which of one's sessions a list shows. */
export type ListFilter =
  | { kind: 'open' | 'archived' | 'trash' | 'shared' }
  | { kind: 'tag'; tag: string }
  | { kind: 'folder'; folderId: string }

/** True when the list shows the session; the gateway filters by the same rules. */
export function isListed(session: SessionView, filter: ListFilter): boolean {
  if (session.temporary) return false
  // What colleagues have opened to me is in a list of its own, where nothing else is.
  if (session.access !== 'owner') return filter.kind === 'shared' && session.deletedAt === null
  if (filter.kind === 'shared') return false
  if (filter.kind === 'trash') return session.deletedAt !== null
  if (session.deletedAt !== null) return false
  if (filter.kind === 'archived') return session.archived
  if (session.archived) return false
  if (filter.kind === 'folder') return session.folderId === filter.folderId
  if (filter.kind === 'tag') {
    const wanted = filter.tag.toLowerCase()
    return session.tags.some((tag) => tag.toLowerCase() === wanted)
  }
  return true
}

/** The list with this session as it is now: in its place, or out of it when it does not belong there (any more). */
export function putSession(list: readonly SessionView[], session: SessionView, filter: ListFilter): SessionView[] {
  const rest = dropSession(list, session.id)
  return isListed(session, filter) ? orderSessions([...rest, session], filter) : rest
}

/** The list without this session. */
export function dropSession(list: readonly SessionView[], sessionId: string): SessionView[] {
  return list.filter(({ id }) => id !== sessionId)
}

/** Whether pinned ones stand first: not in the trash, nor where pins are another's. */
export const isPinning = ({ kind }: ListFilter): boolean => kind !== 'trash' && kind !== 'shared'

/** Pinned ones first (where the list has them so), then the newest; each once, and of two copies the later one. */
export function orderSessions(list: readonly SessionView[], filter: ListFilter): SessionView[] {
  const unique = [...new Map(list.map((session) => [session.id, session])).values()]
  const rank = (session: SessionView): number => (session.pinned && isPinning(filter) ? 0 : 1)
  return unique.sort((a, b) => rank(a) - rank(b) || compare(b.updatedAt, a.updatedAt) || compare(b.id, a.id))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
