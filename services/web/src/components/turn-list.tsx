import { Button, Spin } from 'antd'
import { type ReactElement, type Ref, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { useOlder } from '../hooks/use-older.ts'
import { holdKey, keptIndexes } from '../state/kept-turns.ts'
import type { Turn } from '../state/list-turns.ts'

type TurnListProps = {
  turns: readonly Turn[]
  scroller: RefObject<HTMLDivElement | null>
  list: Ref<VirtualizerHandle>
  /** The message that is marked as found. */
  messageId: string | undefined
  /** Loads older turns; undefined: there are none. */
  onOlder: (() => Promise<void>) | undefined
  /** Draws one turn. */
  children(turn: Turn, index: number): ReactElement
}

/** Kept drawn above and below what is in sight, in pixels: Tab always finds the next turn, and fast scrolling shows no gaps. */
const BUFFER_PX = 1200
/** As high as `.history-head`, with the padding above it. */
const HEAD_PX = 60
const PADDING_PX = 16

/**
 * Turns of which only those near the sight are in the document, however many there are. Older ones load as the reader comes near
 * the beginning, and what is being read stays where it is.
 */
export function TurnList({ turns, scroller, list, messageId, onOlder, children }: TurnListProps) {
  const { t } = useTranslation()
  const [held, setHeld] = useState<readonly string[]>([])
  const { loading, load, onScroll } = useOlder(scroller, turns.length, onOlder)
  const shift = usePrepended(turns)
  // Once there was something before them, the turns keep their place when the last of it has come.
  const long = useRef(false)
  if (onOlder !== undefined) long.current = true

  return (
    <div
      onFocusCapture={(event) => {
        const key = event.target.closest<HTMLElement>('[data-turn]')?.dataset.turn
        if (key !== undefined) setHeld((now) => holdKey(now, key))
      }}
    >
      {long.current && (
        <div className="history-head">
          {onOlder === undefined ? (
            <small>{t('chat.beginning')}</small>
          ) : loading ? (
            <Spin size="small" aria-label={t('chat.loadingEarlier')} />
          ) : (
            <Button type="link" onClick={load}>
              {t('chat.earlier')}
            </Button>
          )}
        </div>
      )}
      <Virtualizer
        ref={list}
        scrollRef={scroller}
        data={turns}
        shift={shift}
        bufferSize={BUFFER_PX}
        startMargin={long.current ? HEAD_PX : PADDING_PX}
        keepMounted={keptIndexes(turns, held)}
        onScroll={onScroll}
      >
        {(turn, index) => (
          <div key={turn.key} data-turn={turn.key} {...foundIn(turn, messageId)}>
            {children(turn, index)}
          </div>
        )}
      </Virtualizer>
    </div>
  )
}

/** Says to the style sheet which part of a turn was looked for. */
function foundIn({ question, answer }: Turn, messageId: string | undefined): { 'data-found'?: string } {
  if (messageId === undefined) return {}
  if (question?.id === messageId) return { 'data-found': 'question' }
  return answer?.id === messageId ? { 'data-found': 'answer' } : {}
}

/** True for the render in which turns have come in front of the first one. */
function usePrepended(turns: readonly Turn[]): boolean {
  const before = useRef<readonly Turn[]>(turns)
  useLayoutEffect(() => {
    before.current = turns
  }, [turns])
  const first = before.current[0]?.key
  return first !== undefined && first !== turns[0]?.key && before.current.at(-1)?.key === turns.at(-1)?.key
}
