import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './components/app.tsx'
import { ErrorBoundary } from './components/error-boundary.tsx'
import { startI18n } from './locales/i18n.ts'
import { takeArrivalError } from './state/arrival-error.ts'
import { auth, watchLogin } from './state/auth-store.ts'
import './styles/page.css'
import './styles/markdown.css'
import './styles/messages.css'
import './styles/people.css'
import './styles/sessions.css'
import './styles/take-away.css'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')
takeArrivalError()
watchLogin()
await startI18n()
void auth.start()
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
)
// The Markdown parser is large and not needed before the first answer: it is fetched behind the page's back.
import('./components/markdown-view.tsx').catch(() => {})
