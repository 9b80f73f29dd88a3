import type { Page } from '@askwire/contracts'
import { useCallback } from 'react'
import { type Loaded, useLoad } from './use-load.ts'

export type Pages<T> = Loaded<Page<T>> & {
  /** Adds the next page; undefined when there is none. Rejects as the request does. */
  more: (() => Promise<void>) | undefined
}

/** A list that comes page by page. Neither `load` nor `join`, which puts the next page to the others, may change unless the list does. */
export function usePages<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  join: (items: readonly T[], next: readonly T[]) => T[] = append,
): Pages<T> {
  const first = useCallback(() => load(undefined), [load])
  const pages = useLoad(first)
  const cursor = pages.data?.nextCursor ?? undefined
  const { put } = pages
  const more = useCallback(async () => {
    const next = await load(cursor)
    // Another list may have come meanwhile, or this one again from its beginning.
    put((now) =>
      now.nextCursor === cursor ? { items: join(now.items, next.items), nextCursor: next.nextCursor } : now,
    )
  }, [load, join, cursor, put])
  // The cursor of one list means nothing in another.
  return { ...pages, more: cursor === undefined || !pages.current ? undefined : more }
}

const append = <T>(items: readonly T[], next: readonly T[]): T[] => [...items, ...next]
