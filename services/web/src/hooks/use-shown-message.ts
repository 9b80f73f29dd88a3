import { type RefObject, useEffect, useRef } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Turn } from '../state/list-turns.ts'

/** How often it is looked whether the list has drawn the message: a frame each. */
const MAX_LOOKS = 60

export type ShownMessageOptions = {
  turns: readonly Turn[]
  /** Loads older turns; undefined: there are none. */
  older: (() => Promise<void>) | undefined
  list: RefObject<VirtualizerHandle | null>
}

/** Brings a message into sight, once; older messages are loaded until it is there. */
export function useShownMessage(
  content: RefObject<HTMLElement | null>,
  messageId: string | undefined,
  { turns, older, list }: ShownMessageOptions,
): void {
  const shown = useRef<string>(undefined)
  const stop = useRef<() => void>(undefined)
  useEffect(() => () => stop.current?.(), [])
  useEffect(() => {
    if (messageId === undefined) shown.current = undefined
    if (messageId === undefined || shown.current === messageId || turns.length === 0) return
    const place = turns.findIndex(({ question, answer }) => question?.id === messageId || answer?.id === messageId)
    if (place < 0) return void older?.()
    shown.current = messageId
    list.current?.scrollToIndex(place, { align: 'center' })
    stop.current?.()
    stop.current = whenDrawn(content, messageId, (message) => message.scrollIntoView({ block: 'center' }))
  }, [content, messageId, turns, older, list])
}

/** Calls `act` with the message's element when there is one. Gives what stops waiting for it. */
function whenDrawn(
  content: RefObject<HTMLElement | null>,
  messageId: string,
  act: (message: Element) => void,
): () => void {
  let frame = 0
  const look = (looks: number): void => {
    const message = content.current?.querySelector(`[data-message="${CSS.escape(messageId)}"]`)
    if (message) act(message)
    else if (looks < MAX_LOOKS) frame = requestAnimationFrame(() => look(looks + 1))
  }
  look(0)
  return () => cancelAnimationFrame(frame)
}
