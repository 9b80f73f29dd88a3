import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMessageTools } from './message-tools.ts'

type BranchArrowsProps = {
  /** The messages under one parent, oldest first. */
  ids: readonly string[]
  /** Which of them is on show; after the last: one that is being made. */
  index: number
  of: 'question' | 'answer'
}

/** `‹ 2/3 ›`: the versions of a question or the answers to it, of which one is on show. */
export function BranchArrows({ ids, index, of }: BranchArrowsProps) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const [busy, setBusy] = useState<Side>()
  const count = Math.max(ids.length, index + 1)
  const group = ids[0]
  if (!tools || count < 2 || group === undefined) return null
  const open = async (id: string, side: Side): Promise<void> => {
    tools.usedArrow.current = `${group} ${side}`
    setBusy(side)
    await tools.actions.openBranch(id)
    setBusy(undefined)
  }
  const arrow = (side: Side, to: string | undefined) => (
    <Arrow
      side={side}
      name={`${group} ${side}`}
      onUse={to === undefined || busy !== undefined ? undefined : () => void open(to, side)}
      label={t(`message.${side}.${of}`)}
      busy={busy === side}
    />
  )
  return (
    <fieldset className="branch-arrows" aria-label={t(`message.versions.${of}`)} aria-busy={busy !== undefined}>
      {arrow('previous', ids[index - 1])}
      <span className="branch-place" aria-live="polite">
        {index + 1}/{count}
      </span>
      {arrow('next', ids[index + 1])}
    </fieldset>
  )
}

/** A switch that takes longer shows that it is under way. */
const BUSY_AFTER_MS = 200

type Side = 'previous' | 'next'
type ArrowProps = { side: Side; name: string; label: string; busy: boolean; onUse: (() => void) | undefined }

/** Stays focusable at the end of its way, so that a keyboard's place is never lost. */
function Arrow({ side, name, label, busy, onUse }: ArrowProps) {
  const tools = useMessageTools()
  const button = useRef<HTMLButtonElement>(null)
  const used = tools?.usedArrow
  // Before anything else happens: a key that is pressed meanwhile would be lost.
  useLayoutEffect(() => {
    // Another version is another element, and so is an answer that is stored by now: what had the focus went with the one before.
    if (used?.current === name && document.activeElement === document.body) button.current?.focus()
  }, [used, name])
  return (
    <Button
      ref={button}
      type="text"
      size="small"
      icon={side === 'previous' ? <LeftOutlined /> : <RightOutlined />}
      aria-label={label}
      title={label}
      aria-disabled={onUse === undefined}
      loading={busy && { delay: BUSY_AFTER_MS }}
      onFocus={() => {
        if (used) used.current = name
      }}
      onClick={onUse}
    />
  )
}
