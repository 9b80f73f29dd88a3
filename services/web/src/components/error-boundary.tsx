import { Component, type ReactNode } from 'react'
import { i18n } from '../locales/i18n.ts'

/** What stands where the page broke. Nothing is lost: the session is on the server, and loading the page brings it back. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return (
      <div className="broken" role="alert">
        <p>{i18n.t('failure.page')}</p>
        <button type="button" className="suggestion" onClick={() => location.reload()}>
          {i18n.t('failure.reload')}
        </button>
      </div>
    )
  }
}
