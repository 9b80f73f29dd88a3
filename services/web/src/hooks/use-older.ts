import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** Older messages load when the beginning of what is there is this near, in heights of the window. */
const NEAR_WINDOWS = 2

export type Older = {
  loading: boolean
  load(): void
  /** To be called whenever the reader scrolls. */
  onScroll(): void
}

/** Loads what is older than the first of `count` items as the reader comes near it, one page at a time. */
export function useOlder(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  onOlder: (() => Promise<void>) | undefined,
): Older {
  const [loading, setLoading] = useState(false)
  const busy = useRef(false)

  const load = useCallback(() => {
    if (busy.current || !onOlder) return
    busy.current = true
    setLoading(true)
    void onOlder().finally(() => {
      busy.current = false
      setLoading(false)
    })
  }, [onOlder])

  const onScroll = useCallback(() => {
    const box = scroller.current
    if (box && box.scrollTop < box.clientHeight * NEAR_WINDOWS) load()
  }, [scroller, load])

  // A page that does not fill the window brings no scrolling.
  useEffect(() => {
    const box = scroller.current
    if (count > 0 && box && box.scrollHeight <= box.clientHeight) load()
  }, [scroller, count, load])

  return { loading, load, onScroll }
}
