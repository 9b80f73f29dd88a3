import { CodeOutlined, PictureOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { use, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTheme } from '../../hooks/use-theme.ts'
import { type DiagramRefusal, readDiagram } from '../../markdown/diagram-source.ts'
import type { Picture } from '../../markdown/draw-diagram.ts'
import { CodeFrame } from './code-frame.tsx'
import { OnPaper } from './on-paper.ts'

type Drawing = { picture: Picture } | { failure: string }

/** Lines of a parser's complaint that say where it is. */
const FAILURE_LINES = 4

const READABLE_PX = 520

/** A block of Mermaid as a picture, with its source a button away. What can not be drawn shows its source and why. */
export function DiagramView({ source }: { source: string }) {
  const { t } = useTranslation()
  const [asSource, setAsSource] = useState(false)
  const drawing = useDrawing(source)
  const picture = drawing && 'picture' in drawing ? drawing.picture : undefined
  const failure = drawing && 'failure' in drawing ? drawing.failure : undefined
  const toggle = picture && (
    <Button
      type="text"
      size="small"
      icon={asSource ? <PictureOutlined /> : <CodeOutlined />}
      aria-label={asSource ? t('diagram.picture') : t('diagram.source')}
      title={asSource ? t('diagram.picture') : t('diagram.source')}
      onClick={() => setAsSource(!asSource)}
    />
  )
  return (
    <CodeFrame code={source} label="mermaid" actions={toggle}>
      {picture && !asSource ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="diagram" tabIndex={0}>
          <img
            src={picture.url}
            alt={t('diagram.alt')}
            width={picture.width}
            height={picture.height}
            // On a phone a wide one scrolls: made to fit, its words could not be read.
            style={{ minWidth: Math.min(picture.width, READABLE_PX) }}
          />
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre tabIndex={0} aria-busy={drawing === undefined}>
          <code>{source}</code>
        </pre>
      )}
      {failure !== undefined && (
        <p className="diagram-failure" role="note">
          {t('diagram.failed')} <span>{failure}</span>
        </p>
      )}
    </CodeFrame>
  )
}

function useDrawing(source: string): Drawing | undefined {
  const { t } = useTranslation()
  const dark = useTheme().dark && !use(OnPaper)
  const [drawing, setDrawing] = useState<Drawing>()
  useEffect(() => {
    let here = true
    const read = readDiagram(source)
    if ('refusal' in read) {
      setDrawing({ failure: t(REFUSALS[read.refusal]) })
      return
    }
    void import('../../markdown/draw-diagram.ts')
      .then(({ drawDiagram }) => drawDiagram(read.source, dark))
      .then(
        (picture): Drawing => ({ picture }),
        (error: unknown): Drawing => ({ failure: messageOf(error) }),
      )
      .then((done) => here && setDrawing(done))
    return () => {
      here = false
    }
  }, [source, dark, t])
  return drawing
}

const REFUSALS: Record<DiagramRefusal, `diagram.${DiagramRefusal}`> = {
  long: 'diagram.long',
  address: 'diagram.address',
  style: 'diagram.style',
  markup: 'diagram.markup',
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n').slice(0, FAILURE_LINES).join('\n')
}
