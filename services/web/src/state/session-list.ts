import type { SessionView } from '@askwire/contracts'
import { type Arrangement, PLAIN } from './arrangement.ts'
import { dayBounds } from './day-bounds.ts'

/** Which of one's sessions a list shows. */
export type ListFilter =
  | { kind: 'open' | 'archived' | 'trash' | 'shared' }
  | { kind: 'tag'; tag: string }
  | { kind: 'folder'; folderId: string }

/** What a list shows, and how. */
export type ListView = { filter: ListFilter; arrangement: Arrangement }

/** The gateway sorts and filters what colleagues share by nothing. */
export const arrangementOf = ({ filter, arrangement }: ListView): Arrangement =>
  filter.kind === 'shared' ? PLAIN : arrangement

/** True when the list shows the session; the gateway filters by the same rules. */
export function isListed(session: SessionView, view: ListView): boolean {
  return isOfFilter(session, view.filter) && isLeftIn(session, arrangementOf(view))
}

function isOfFilter(session: SessionView, filter: ListFilter): boolean {
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

function isLeftIn(session: SessionView, { sort, model, ...days }: Arrangement): boolean {
  const at = sort === 'created' ? session.createdAt : session.updatedAt
  const { from, to } = dayBounds(days)
  return (
    (model === undefined || session.model === model) &&
    (from === undefined || at >= from) &&
    (to === undefined || at < to)
  )
}

/**
 * The list with this session as it is now: in its place, or out of it when it does not belong there (any more). The others stay where the
 * gateway has put them: it knows better how titles are sorted. `whole`: there are no more pages; else what would come last is on one of those.
 */
export function putSession(
  list: readonly SessionView[],
  session: SessionView,
  view: ListView,
  whole = true,
): SessionView[] {
  const rest = dropSession(list, session.id)
  if (!isListed(session, view)) return rest
  const before = list.find(({ id }) => id === session.id)
  if (before && comparePlaces(before, session, view) === 0)
    return list.map((one) => (one.id === session.id ? session : one))
  const at = rest.findIndex((one) => comparePlaces(session, one, view) < 0)
  if (at < 0) return whole ? [...rest, session] : rest
  return rest.toSpliced(at, 0, session)
}

/** The list without this session. */
export function dropSession(list: readonly SessionView[], sessionId: string): SessionView[] {
  return list.filter(({ id }) => id !== sessionId)
}

/** A list with its next page: what has moved meanwhile stays where it is shown already. */
export function joinSessions(list: readonly SessionView[], next: readonly SessionView[]): SessionView[] {
  const shown = new Set(list.map(({ id }) => id))
  return [...list, ...next.filter(({ id }) => !shown.has(id))]
}

/** Whether pinned ones stand first: not in the trash, nor where pins are another's. */
export const isPinning = ({ kind }: ListFilter): boolean => kind !== 'trash' && kind !== 'shared'

/** Pinned ones first (where the list has them so), then by what it is sorted by: the newest first, or names from A to Z. */
function comparePlaces(a: SessionView, b: SessionView, view: ListView): number {
  const rank = (session: SessionView): number => (session.pinned && isPinning(view.filter) ? 0 : 1)
  const { sort } = arrangementOf(view)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (sort === 'title') return compare(titleKey(a), titleKey(b)) || compare(a.id, b.id)
  return sort === 'created'
    ? compare(b.createdAt, a.createdAt) || compare(b.id, a.id)
    : compare(b.updatedAt, a.updatedAt) || compare(b.id, a.id)
}

/** As the gateway has it: the beginning, without regard to case; those without a title come last. */
const titleKey = ({ title }: SessionView): string =>
  title === null ? '1' : `0${[...title].slice(0, 50).join('').toLowerCase()}`

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
