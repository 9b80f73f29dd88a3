import type { Notice, Page, SessionView } from '@askwire/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/api-error.ts'
import * as api from '../api/sessions-api.ts'
import { dropSession, isPinning, type ListFilter, orderSessions, putSession } from '../state/session-list.ts'
import { useNotices } from './use-notices.ts'
import { type Pages, usePages } from './use-pages.ts'

const PAGE = 50

export type SessionList = Pages<SessionView> & {
  /** Shows a session as a change answered it. */
  show(session: SessionView): void
  drop(sessionId: string): void
  /** Asks how a session is now; what fails is made good by the next notice or look. */
  look(sessionId: string): void
  /** The session that was asked for last, listed or not. */
  seen: SessionView | undefined
  /** Raised when more than one session, or folders, may have changed. */
  changes: number
}

/** The sessions of a filter, page by page, and in step with every other device. `onNews` hears what keeps it so; undefined: all may be news. */
export function useSessionList(filter: ListFilter, onNews: (notice: Notice | undefined) => void): SessionList {
  const load = useCallback((cursor: string | undefined) => loadPage(filter, cursor), [filter])
  const pages = usePages(load)
  const { put, reload } = pages
  // An answer may come when another list is on show than when it was asked for.
  const shown = useRef(filter)
  useEffect(() => {
    shown.current = filter
  }, [filter])
  const show = useCallback(
    (session: SessionView) => put((now) => ({ ...now, items: putSession(now.items, session, shown.current) })),
    [put],
  )
  const drop = useCallback((id: string) => put((now) => ({ ...now, items: dropSession(now.items, id) })), [put])
  const [seen, setSeen] = useState<SessionView>()
  const [changes, setChanges] = useState(0)
  const reloadAll = (): void => {
    reload()
    setChanges((count) => count + 1)
  }
  const asked = useRef(new Map<string, number>())
  const look = useCallback(
    (id: string) => {
      // Two looks may answer in either order: only the last one counts.
      const turn = (asked.current.get(id) ?? 0) + 1
      asked.current.set(id, turn)
      const isLast = (): boolean => asked.current.get(id) === turn
      api.getSession(id).then(
        (session) => {
          if (!isLast()) return
          show(session)
          setSeen(session)
        },
        (error: unknown) => isLast() && error instanceof ApiError && error.code === 'not_found' && drop(id),
      )
    },
    [show, drop],
  )
  useNotices({
    onGap: () => {
      reloadAll()
      onNews(undefined)
    },
    onNotice: (notice) => {
      const { event, sessionId } = notice
      onNews(notice)
      if (event === 'job.progress' || event === 'draft.updated') return
      if (sessionId === null) reloadAll()
      else look(sessionId)
    },
  })
  return { ...pages, show, drop, look, seen, changes }
}

async function loadPage(filter: ListFilter, cursor: string | undefined): Promise<Page<SessionView>> {
  const query = queryOf(filter)
  if (!isPinning(filter)) return await api.listSessions({ ...query, cursor, limit: PAGE })
  const [pinned, others] = await Promise.all([
    cursor === undefined ? api.listSessions({ ...query, pinned: true, limit: 100 }) : undefined,
    api.listSessions({ ...query, pinned: false, cursor, limit: PAGE }),
  ])
  const items = orderSessions([...(pinned?.items ?? []), ...others.items], filter)
  return { items, nextCursor: others.nextCursor }
}

function queryOf(filter: ListFilter): api.ListSessionsQuery {
  switch (filter.kind) {
    case 'open':
      return {}
    case 'archived':
      return { archived: true }
    case 'trash':
      return { trash: true }
    case 'shared':
      return { shared: true }
    case 'tag':
      return { tag: filter.tag }
    case 'folder':
      return { folderId: filter.folderId }
    default:
      return filter satisfies never
  }
}
