import type { MessageView, SessionView } from '@askwire/contracts'
import { useEffect, useEffectEvent, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { OnPaper } from '../blocks/on-paper.ts'
import { SnapshotView } from '../shared/snapshot-view.tsx'

type PrintViewProps = {
  session: SessionView
  messages: readonly MessageView[]
  /** Told when the browser's print dialog has closed. */
  onEnd(): void
}

/** A session as it is printed: on paper instead of the page, on the screen not at all. Opens the browser's print dialog when it is drawn. */
export function PrintView({ session, messages, onEnd }: PrintViewProps) {
  const { t } = useTranslation()
  const sheet = useRef<HTMLElement>(null)
  const title = session.title ?? t('nav.untitled')
  const end = useEffectEvent(onEnd)
  useEffect(() => {
    let here = true
    // What browsers call the PDF.
    const before = document.title
    document.title = title
    const onAfterPrint = (): void => end()
    window.addEventListener('afterprint', onAfterPrint)
    void drawn(sheet.current).then(() => here && window.print())
    return () => {
      here = false
      document.title = before
      window.removeEventListener('afterprint', onAfterPrint)
    }
  }, [title])
  return createPortal(
    <article ref={sheet} className="print-sheet">
      <h1>{title}</h1>
      <OnPaper value={true}>
        <SnapshotView messages={messages} />
      </OnPaper>
    </article>,
    document.body,
  )
}

/** What is drawn later (formulas, diagrams) is waited for this long, and then printed as it is. */
const DRAW_MS = 15_000
const LOOK_MS = 100

async function drawn(sheet: HTMLElement | null): Promise<void> {
  const until = performance.now() + DRAW_MS
  while (sheet?.querySelector('[aria-busy="true"]') && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  // Formulas bring their own.
  await document.fonts.ready
}
