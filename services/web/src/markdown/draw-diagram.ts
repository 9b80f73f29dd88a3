import DOMPurify from 'dompurify'
import mermaid, { type MermaidConfig } from 'mermaid'

export type Picture = { url: string; width: number; height: number }

const MAX_EDGES = 300

const CONFIG: MermaidConfig = {
  startOnLoad: false,
  securityLevel: 'strict',
  suppressErrorRendering: true,
  maxEdges: MAX_EDGES,
  htmlLabels: false,
  flowchart: { htmlLabels: false },
  fontFamily: 'system-ui, sans-serif',
  logLevel: 'fatal',
}

let drawn = 0
let turn: Promise<unknown> = Promise.resolve()

/**
 * Draws a diagram as a picture that can do nothing: cleaned of all but shapes and text, and kept in a `data:` address for an `<img>`,
 * where nothing runs, loads or can be clicked. One at a time. Rejects with what is wrong with the source.
 */
export function drawDiagram(source: string, dark: boolean): Promise<Picture> {
  const picture = turn.then(() => draw(source, dark))
  turn = picture.catch(() => {})
  return picture
}

async function draw(source: string, dark: boolean): Promise<Picture> {
  const host = document.createElement('div')
  host.className = 'diagram-host'
  host.inert = true
  document.body.append(host)
  drawn += 1
  try {
    mermaid.initialize({ ...CONFIG, theme: dark ? 'dark' : 'default' })
    const { svg } = await mermaid.render(`diagram-${drawn}`, source, host)
    return toPicture(svg)
  } finally {
    host.remove()
  }
}

function toPicture(svg: string): Picture {
  const clean = DOMPurify.sanitize(svg, {
    USE_PROFILES: { svg: true, svgFilters: true },
    FORBID_TAGS: ['a', 'image', 'use', 'foreignObject', 'animate'],
    FORBID_ATTR: ['href', 'xlink:href'],
    RETURN_DOM_FRAGMENT: true,
  })
  const root = clean.querySelector('svg')
  const [, , width = 0, height = 0] = (root?.getAttribute('viewBox') ?? '').split(/[\s,]+/).map(Number)
  if (!root || !(width > 0 && height > 0)) throw new Error('Nothing was drawn.')
  // A picture has the size it says; `100%` would be that of nothing.
  root.setAttribute('width', String(width))
  root.setAttribute('height', String(height))
  root.removeAttribute('style')
  const text = new XMLSerializer().serializeToString(root)
  return { url: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`, width, height }
}
