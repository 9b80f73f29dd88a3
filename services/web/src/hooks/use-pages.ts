import type { Page } from '@askwire/contracts'
import { useCallback } from 'react'
import { type Loaded, useLoad } from './use-load.ts'

export type Pages<T> = Loaded<Page<T>> & {
  /** Adds the next page; undefined when there is none. Rejects as the request does. */
  more: (() => Promise<void>) | undefined
}

/** A list that comes page by page. `load` must not change between renders unless the list does. */
export function usePages<T>(load: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  const first = useCallback(() => load(undefined), [load])
  const pages = useLoad(first)
  const cursor = pages.data?.nextCursor ?? undefined
  const { put } = pages
  const more = useCallback(async () => {
    const next = await load(cursor)
    put((now) => ({ items: [...now.items, ...next.items], nextCursor: next.nextCursor }))
  }, [load, cursor, put])
  return { ...pages, more: cursor === undefined ? undefined : more }
}
