import { LinkOutlined, PictureOutlined } from '@ant-design/icons'
import { createContext, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import type { Components } from 'react-markdown'
import { visibleTarget } from '../markdown/safe-url.ts'
import { Formula } from './blocks/formula.tsx'
import { CiteContext } from './cite-context.ts'
import { CodeBlock } from './code-block.tsx'

/** The elements an answer's Markdown becomes. Headings begin below those of the page. */
export const MARKDOWN_ELEMENTS: Components = {
  a: ({ href, children }) => <ExternalLink href={href}>{children}</ExternalLink>,
  img: ({ src, alt }) => <ImageText src={typeof src === 'string' ? src : undefined} alt={alt} />,
  cite: ({ node }) => <Citation n={Number(node?.properties.dataN)} />,
  pre: ({ node }) => <CodeBlock node={node} />,
  code: ({ className, children }) => <InlineCode names={className}>{children}</InlineCode>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-scroll" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
}

/** An image that is a link's text must not be a second link within it. */
const InsideLink = createContext(false)

/** A link out of the page, with where it leads beside its text. What `safeUrl` refused is text. */
function ExternalLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (!href) return <span>{children}</span>
  const target = visibleTarget(href)
  const told = typeof children === 'string' && children.includes(target)
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      <InsideLink value={true}>{children}</InsideLink>
      {!told && (
        <span className="link-target">
          <LinkOutlined aria-hidden /> {target}
        </span>
      )}
    </a>
  )
}

/** Images are not loaded: fetching one tells its server what the answer says. Its description stands in for it. */
function ImageText({ src, alt }: { src: string | undefined; alt: string | undefined }) {
  const { t } = useTranslation()
  const text = (
    <>
      <PictureOutlined aria-hidden /> {alt || t('answer.image')}
    </>
  )
  return useContext(InsideLink) ? text : <ExternalLink href={src}>{text}</ExternalLink>
}

/** Code within text, or a formula. */
function InlineCode({ names, children }: { names: string | undefined; children: ReactNode }) {
  if (!names?.includes('math-inline') || typeof children !== 'string') return <code>{children}</code>
  return <Formula tex={children} display={names.includes('math-display')} />
}

function Citation({ n }: { n: number }) {
  const { t } = useTranslation()
  const { resources, onSource } = useContext(CiteContext)
  const resource = resources.find((candidate) => candidate.n === n)
  if (!resource) return `[${n}]`
  const label = t('sources.cite', { n, name: resource.documentName })
  return (
    <button
      type="button"
      className="citation"
      aria-label={label}
      title={label}
      onClick={(event) => onSource(resource, event.currentTarget)}
    >
      {n}
    </button>
  )
}
