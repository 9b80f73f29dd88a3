import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useDates } from '../../hooks/use-dates.ts'
import { SettingsBar } from '../settings-bar.tsx'

type SharedFrameProps = { title: string; sharedAt?: string; action?: ReactNode; children: ReactNode }

/** The page around what somebody shared: its name, that it is a snapshot and of when, and what can be done with it. */
export function SharedFrame({ title, sharedAt, action, children }: SharedFrameProps) {
  const { t } = useTranslation()
  const { time } = useDates()
  useEffect(() => {
    document.title = `${title} · Askwire`
  }, [title])
  return (
    <div className="shared-page">
      <meta name="robots" content="noindex, nofollow" />
      <header className="shared-head">
        <div className="brand">
          <img src="/icon.svg" alt="" width={26} height={26} />
          <span>Askwire</span>
        </div>
        {action}
      </header>
      <main className="column">
        <h1>{title}</h1>
        {sharedAt !== undefined && <p className="note">{t('shared.note', { at: time(sharedAt) })}</p>}
        {children}
      </main>
      <SettingsBar />
    </div>
  )
}
