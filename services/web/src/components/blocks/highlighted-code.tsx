import { common, createLowlight } from 'lowlight'
import { type ReactNode, useMemo } from 'react'

const lowlight = createLowlight(common)
type Content = ReturnType<typeof lowlight.highlight>['children'][number]

/** Code with its words in colours. A language that is not known stays as it is. */
export function HighlightedCode({ code, language }: { code: string; language: string }) {
  const children = useMemo(
    () => (lowlight.registered(language) ? lowlight.highlight(language, code).children.map(draw) : code),
    [code, language],
  )
  return <code>{children}</code>
}

function draw(node: Content, key: number): ReactNode {
  if (node.type === 'text') return node.value
  return node.type === 'element' ? (
    <span key={key} className={classOf(node)}>
      {node.children.map(draw)}
    </span>
  ) : null
}

function classOf({ properties }: Extract<Content, { type: 'element' }>): string {
  return Array.isArray(properties.className) ? properties.className.join(' ') : ''
}
