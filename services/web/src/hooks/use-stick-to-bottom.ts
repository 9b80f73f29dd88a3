import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** Nearer to the end than this counts as at the end, in pixels. */
const NEAR_PX = 64

export type StickToBottom = {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  /** False when the reader has scrolled away from the end. */
  atBottom: boolean
  toBottom(): void
}

/** Keeps the end of a growing content in sight until the reader scrolls up. What does not stick is read from its beginning. */
export function useStickToBottom(sticks: boolean): StickToBottom {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const stuck = useRef(true)
  const [atBottom, setAtBottom] = useState(true)

  const toBottom = useCallback(() => {
    stuck.current = true
    setAtBottom(true)
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [])

  useEffect(() => {
    const box = scroller.current
    const inner = content.current
    if (!box || !inner) return
    let lastTop = box.scrollTop
    const onScroll = (): void => {
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX
      // Content that grew since is not the reader scrolling: only going up lets go.
      if (near) stuck.current = true
      else if (box.scrollTop < lastTop) stuck.current = false
      lastTop = box.scrollTop
      setAtBottom(near || stuck.current)
    }
    const observer = new ResizeObserver(() => {
      if (stuck.current && sticks) box.scrollTop = box.scrollHeight
    })
    observer.observe(inner)
    observer.observe(box)
    box.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', onScroll)
    }
  }, [sticks])

  return { scroller, content, atBottom, toBottom }
}
