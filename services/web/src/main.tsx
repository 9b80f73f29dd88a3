import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './components/app.tsx'
import { ErrorBoundary } from './components/error-boundary.tsx'
import { startI18n } from './locales/i18n.ts'
import './styles/page.css'
import './styles/markdown.css'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')
await startI18n()
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
)
// The Markdown parser is large and not needed before the first answer: it is fetched behind the page's back.
import('./components/markdown-view.tsx').catch(() => {})
