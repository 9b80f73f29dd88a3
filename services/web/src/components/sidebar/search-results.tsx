import type { SearchHit } from '@askwire/contracts'
import { type MouseEvent, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { pathOf } from '../../hooks/use-open-session.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { splitHighlights } from '../../state/split-highlights.ts'
import { LoadView } from '../layout/load-view.tsx'
import { MoreSentinel } from './more-sentinel.tsx'

type SearchResultsProps = { q: string; onOpen(sessionId: string, messageId?: string): void }

/** What was found in one's sessions; each hit opens where it stands. */
export function SearchResults({ q, onOpen }: SearchResultsProps) {
  const { t } = useTranslation()
  const { date } = useDates()
  const load = useCallback((cursor: string | undefined) => api.search(q, cursor), [q])
  const hits = usePages(load)
  const follow = (event: MouseEvent, { sessionId, messageId }: SearchHit): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onOpen(sessionId, messageId ?? undefined)
  }
  return (
    <section className="session-scroller" aria-label={t('sessions.found')} aria-live="polite">
      <LoadView loaded={hits} isEmpty={({ items }) => items.length === 0} empty={t('sessions.nothingFound')}>
        {({ items }) => (
          <ul className="session-list">
            {items.map((hit) => (
              <li key={`${hit.sessionId} ${hit.messageId}`} className="session hit">
                <a href={pathOf(hit.sessionId, hit.messageId ?? undefined)} onClick={(event) => follow(event, hit)}>
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
            ))}
          </ul>
        )}
      </LoadView>
      <MoreSentinel more={hits.more} />
    </section>
  )
}
