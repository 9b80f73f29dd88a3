import { CloseOutlined, FileTextOutlined } from '@ant-design/icons'
import type { ChunkView, Resource } from '@askwire/contracts'
import { Alert, Button, Skeleton } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { getChunk } from '../api/askwire-api.ts'
import { locateQuote } from '../markdown/locate-quote.ts'

type Loaded = { chunk: ChunkView } | { failed: 'gone' | 'failed' } | undefined

/** The document behind a citation: its name and the passage, the quote marked, with the text around it. */
export function SourcePanel({ resource, onClose }: { resource: Resource; onClose(): void }) {
  const { t } = useTranslation()
  const [loaded, setLoaded] = useState<Loaded>()
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    const controller = new AbortController()
    getChunk(resource.documentId, resource.chunkId, controller.signal).then(
      (chunk) => setLoaded({ chunk }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        setLoaded({ failed: error instanceof ApiError && error.code === 'not_found' ? 'gone' : 'failed' })
      },
    )
    return () => controller.abort()
  }, [resource])
  useEffect(() => {
    heading.current?.focus()
  }, [])

  const chunk = loaded && 'chunk' in loaded ? loaded.chunk : undefined
  const page = chunk?.page ?? resource.page
  return (
    <div className="source-panel">
      <header>
        <span className="source-number">{resource.n}</span>
        <h2 ref={heading} tabIndex={-1}>
          {t('sources.panel')}
        </h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t('sources.close')} onClick={onClose} />
      </header>
      <p className="source-document">
        <FileTextOutlined aria-hidden /> {chunk?.documentName ?? resource.documentName}
      </p>
      {(chunk?.heading || page !== null) && (
        <p className="source-place">
          {[chunk?.heading, page === null ? undefined : t('sources.page', { page })].filter((part) => part).join(' · ')}
        </p>
      )}
      {loaded === undefined && (
        <div aria-busy="true">
          <span className="visually-hidden">{t('sources.loading')}</span>
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      )}
      {loaded && 'failed' in loaded && (
        <>
          <Alert type="warning" showIcon title={t(`sources.${loaded.failed}`)} />
          <blockquote className="passage">
            <mark>{resource.quote}</mark>
          </blockquote>
        </>
      )}
      {chunk && <Passage chunk={chunk} quote={resource.quote} />}
    </div>
  )
}

/** Document text is shown as it is, never read as markup. */
function Passage({ chunk, quote }: { chunk: ChunkView; quote: string }) {
  const { t } = useTranslation()
  const mark = useRef<HTMLElement>(null)
  const { before, text, after } = chunk
  const span = useMemo(() => locateQuote(text, quote), [text, quote])
  // In braces: newer browsers return a promise here, which React would take for a clean-up.
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' })
  }, [])
  return (
    <blockquote className="passage" aria-label={t('sources.passage')}>
      {before && <span className="around">{before}</span>}
      {span ? (
        <>
          {text.slice(0, span.start)}
          <mark ref={mark}>{text.slice(span.start, span.end)}</mark>
          {text.slice(span.end)}
        </>
      ) : (
        <mark ref={mark}>{text}</mark>
      )}
      {after && <span className="around">{after}</span>}
    </blockquote>
  )
}
