import type { SearchHit } from '@askwire/contracts'
import { Button } from 'antd'
import { type MouseEvent, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import type { Filing } from '../../hooks/use-filing.ts'
import { pathOf } from '../../hooks/use-open-session.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { dayBounds } from '../../state/day-bounds.ts'
import { isFiltered, type SearchFilter } from '../../state/search-filter.ts'
import { splitHighlights } from '../../state/split-highlights.ts'
import { LoadView } from '../layout/load-view.tsx'
import { FilterPanel, type FilterPanelState } from './filter-panel.tsx'
import { MoreSentinel } from './more-sentinel.tsx'
import { SearchFields, useSearchTexts } from './search-fields.tsx'

type SearchResultsProps = {
  q: string
  filter: SearchFilter
  panel: FilterPanelState
  filing: Filing
  onFilter(filter: SearchFilter): void
  onOpen(sessionId: string, messageId?: string): void
}

/** What was found in one's sessions, and what it is narrowed to; each hit opens where it stands. */
export function SearchResults({ q, filter, panel, filing, onFilter, onOpen }: SearchResultsProps) {
  const { t } = useTranslation()
  const textsOf = useSearchTexts(filing)
  const load = useCallback(
    (cursor: string | undefined) => {
      const { from, to, ...rest } = filter
      return api.search({ q, ...rest, ...dayBounds({ from, to }), ...(cursor !== undefined && { cursor }) })
    },
    [q, filter],
  )
  const hits = usePages(load)
  const clear = (): void => onFilter({})
  return (
    <>
      <FilterPanel panel={panel} label={t('filters.search')} chosen={textsOf(filter)} onClear={clear}>
        <SearchFields value={filter} filing={filing} onChange={onFilter} />
      </FilterPanel>
      <section className="session-scroller" aria-label={t('sessions.found')} aria-live="polite">
        <LoadView loaded={hits}>
          {({ items }) =>
            items.length === 0 ? (
              <div className="empty">
                <p>{t(isFiltered(filter) ? 'filters.noHit' : 'sessions.nothingFound')}</p>
                {isFiltered(filter) && (
                  <Button size="small" onClick={clear}>
                    {t('filters.searchAll')}
                  </Button>
                )}
              </div>
            ) : (
              <ul className="session-list">
                {items.map((hit) => (
                  <HitRow key={`${hit.sessionId} ${hit.messageId}`} hit={hit} onOpen={onOpen} />
                ))}
              </ul>
            )
          }
        </LoadView>
        <MoreSentinel more={hits.more} />
      </section>
    </>
  )
}

function HitRow({ hit, onOpen }: { hit: SearchHit; onOpen: SearchResultsProps['onOpen'] }) {
  const { t } = useTranslation()
  const { date } = useDates()
  const { sessionId, messageId } = hit
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onOpen(sessionId, messageId ?? undefined)
  }
  return (
    <li className="session hit">
      <a href={pathOf(sessionId, messageId ?? undefined)} onClick={follow}>
        <span className="hit-title">{hit.sessionTitle ?? t('nav.untitled')}</span>
        <span className="hit-snippet">
          {splitHighlights(hit.snippet, hit.highlights).map(({ text, marked }, index) =>
            marked ? <mark key={index}>{text}</mark> : text,
          )}
        </span>
        <small>
          {hit.role && `${t(hit.role === 'user' ? 'chat.question' : 'chat.answer')} · `}
          {date(hit.at)}
        </small>
      </a>
    </li>
  )
}
