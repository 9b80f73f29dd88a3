import { type RefObject, useEffect, useRef } from 'react'
import type { Turn } from '../state/list-turns.ts'

/** Brings a message into sight and marks it, once; older messages are loaded until it is there. */
export function useShownMessage(
  content: RefObject<HTMLElement | null>,
  messageId: string | undefined,
  { turns, older }: { turns: readonly Turn[]; older: (() => Promise<void>) | undefined },
): void {
  const shown = useRef<string>(undefined)
  useEffect(() => {
    if (messageId === undefined) shown.current = undefined
    if (messageId === undefined || shown.current === messageId || turns.length === 0) return
    const message = content.current?.querySelector(`[data-message="${CSS.escape(messageId)}"]`)
    if (!message) return void older?.()
    shown.current = messageId
    for (const marked of content.current?.querySelectorAll('.shown-message') ?? [])
      marked.classList.remove('shown-message')
    message.classList.add('shown-message')
    message.scrollIntoView({ block: 'center' })
  }, [content, messageId, turns, older])
}
