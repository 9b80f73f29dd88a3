import { type ReactNode, useEffect } from 'react'
import { SettingsBar } from '../settings-bar.tsx'

/** The frame of every page that is seen before signing in. */
export function AuthCard({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Askwire`
  }, [title])
  return (
    <div className="auth-page">
      <main className="auth-card">
        <div className="brand">
          <img src="/icon.svg" alt="" width={30} height={30} />
          <span>Askwire</span>
        </div>
        <h1>{title}</h1>
        {note && <p className="auth-note">{note}</p>}
        {children}
      </main>
      <SettingsBar />
    </div>
  )
}
