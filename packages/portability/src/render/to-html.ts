import type { AskwireMessage, AskwireSession } from '../askwire-session.ts'
import { branchesOf } from './branches.ts'

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
h1{font-size:1.5rem}h2{font-size:.85rem;margin:1.5rem 0 .25rem;color:#555}p,li{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
article{break-inside:auto}article.question p{background:#f3f4f6;padding:.6rem .8rem;border-radius:.5rem}small{color:#555}hr{border:0;border-top:1px solid #ccc;margin:2rem 0}
@media print{body{margin:0;max-width:none;font-size:11pt}h2{break-after:avoid}@page{margin:18mm}}`

/**
 * A session as one page that needs nothing else: no script, no address, every text escaped; the browser's print makes a PDF of it. The policy in
 * its head holds also where the page is opened from a disk.
 */
export function toHtml(session: AskwireSession): string {
  const title = escaped(session.title ?? 'Untitled')
  const body = branchesOf(session).map(
    ({ messages }, at) =>
      `${at > 0 ? `<hr><small>Another branch (${at})</small>` : ''}${messages.map(article).join('\n')}`,
  )
  return `<!doctype html>
<html lang="und"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1><small>${escaped([session.createdAt, ...session.tags].join(' · '))}</small>
${body.join('\n')}
</body></html>
`
}

function article({ role, content, model, resources }: AskwireMessage): string {
  const kind = role === 'user' ? 'question' : 'answer'
  const sources = resources.map((source) => `<li value="${source.n}">${escaped(source.documentName)}</li>`).join('')
  return `<article class="${kind}"><h2>${role === 'user' ? 'Question' : 'Answer'}${model === null ? '' : ` · ${escaped(model)}`}</h2><p>${escaped(content)}</p>${sources === '' ? '' : `<ol>${sources}</ol>`}</article>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
