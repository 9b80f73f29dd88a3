import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './components/app.tsx'
import { startI18n } from './locales/i18n.ts'
import './styles/page.css'
import './styles/markdown.css'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')
await startI18n()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
// The Markdown parser is large and not needed before the first answer: it is fetched behind the page's back.
void import('./components/markdown-view.tsx')
