import type { Resource } from '@askwire/contracts'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { citedNumbers } from '../markdown/cite-plugin.ts'

type SourcesListProps = {
  resources: readonly Resource[]
  text: string
  onSource(resource: Resource, from: HTMLElement): void
}

/** What an answer rests on: the passages it cites, and on request the ones that were found beside them. */
export function SourcesList({ resources, text, onSource }: SourcesListProps) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const cited = useMemo(() => {
    const numbers = new Set(citedNumbers(text))
    return resources.filter(({ n }) => numbers.has(n))
  }, [resources, text])
  if (resources.length === 0 || text === '') return null
  const shown = all || cited.length === 0 ? resources : cited
  const hidden = resources.length - shown.length
  const title = t(cited.length > 0 ? 'sources.title' : 'sources.found')
  return (
    <section className="sources" aria-label={title}>
      <h3>{title}</h3>
      <ol>
        {shown.map((resource) => (
          <li key={resource.n}>
            <button type="button" className="source-card" onClick={(event) => onSource(resource, event.currentTarget)}>
              <span className="source-number">{resource.n}</span>
              <span className="source-text">
                <span className="source-name">{resource.documentName}</span>
                <span className="source-quote">{resource.quote}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
      {hidden > 0 && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t('sources.more', { count: hidden })}
        </Button>
      )}
    </section>
  )
}
