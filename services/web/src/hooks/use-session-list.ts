import type { Notice, Page, SessionView } from '@askwire/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/api-error.ts'
import * as api from '../api/sessions-api.ts'
import { dayBounds } from '../state/day-bounds.ts'
import { pinnedFirst } from '../state/pinned-first.ts'
import {
  arrangementOf,
  dropSession,
  isPinning,
  joinSessions,
  type ListView,
  putSession,
} from '../state/session-list.ts'
import { useNotices } from './use-notices.ts'
import { type Pages, usePages } from './use-pages.ts'

const PAGE = 50
/** As the contract has it. */
const MAX_PAGE = 100

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

/** The sessions of a view, page by page, and in step with every other device. `onNews` hears what keeps it so; undefined: all may be news. */
export function useSessionList(view: ListView, onNews: (notice: Notice | undefined) => void): SessionList {
  const load = useCallback((cursor: string | undefined) => loadPage(view, cursor), [view])
  const pages = usePages(load, joinSessions)
  const { put, reload } = pages
  // An answer may come when another list is on show than when it was asked for.
  const shown = useRef(view)
  useEffect(() => {
    shown.current = view
  }, [view])
  const show = useCallback(
    (session: SessionView) =>
      put(({ items, nextCursor }) => ({
        items: putSession(items, session, shown.current, nextCursor === null),
        nextCursor,
      })),
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

async function loadPage(view: ListView, cursor: string | undefined): Promise<Page<SessionView>> {
  const { sort, model, ...days } = arrangementOf(view)
  const query = { ...queryOf(view.filter), sort, model, ...dayBounds(days) }
  if (!isPinning(view.filter)) return await api.listSessions({ ...query, cursor, limit: PAGE })
  return await pinnedFirst(
    (part) => api.listSessions({ ...query, ...part, limit: part.pinned ? MAX_PAGE : PAGE }),
    cursor,
  )
}

function queryOf(filter: ListView['filter']): api.ListSessionsQuery {
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
