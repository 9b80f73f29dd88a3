import type { Resource } from '@askwire/contracts'
import { Drawer } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../hooks/use-auth.ts'
import { useMedia } from '../hooks/use-media.ts'
import { useOpenSession } from '../hooks/use-open-session.ts'
import { useRecentSessions } from '../hooks/use-recent-sessions.ts'
import { listTurns, unfinishedRuns } from '../state/list-turns.ts'
import { Composer } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { FailureAlert } from './failure-alert.tsx'
import { Sidebar } from './sidebar.tsx'
import { SourcePanel } from './source-panel.tsx'
import { TopBar } from './top-bar.tsx'
import { TrialBanner } from './trial-banner.tsx'

/** The whole page: sessions at the left, the conversation, and beside it the source that is open. */
export function ChatPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { store, view, open, ask } = useOpenSession()
  const { sessions, remember, forget } = useRecentSessions(me.id)
  const wide = useMedia('(min-width: 860px)')
  const roomy = useMedia('(min-width: 1180px)')
  const [menuOpen, setMenuOpen] = useState(false)
  const [source, setSource] = useState<Resource | undefined>()
  const opener = useRef<HTMLElement | null>(null)

  const turns = useMemo(() => listTurns(view.session), [view.session])
  const active = useMemo(() => unfinishedRuns(view.session)[0], [view.session])
  const { sessionId } = store
  const firstQuestion = turns.find(({ question }) => question !== undefined)?.question?.content
  const title = sessions.find(({ id }) => id === sessionId)?.title ?? firstQuestion

  useEffect(() => {
    if (sessionId !== undefined && firstQuestion !== undefined) remember(sessionId, firstQuestion)
  }, [sessionId, firstQuestion, remember])
  useEffect(() => {
    document.title = title ? `${title} · Askwire` : 'Askwire'
  }, [title])

  const openSource = useCallback((resource: Resource, from: HTMLElement) => {
    opener.current = from
    setSource(resource)
  }, [])
  const closeSource = useCallback(() => {
    setSource(undefined)
    opener.current?.focus()
  }, [])
  const openSession = useCallback(
    (id: string | undefined) => {
      setSource(undefined)
      setMenuOpen(false)
      open(id)
    },
    [open],
  )
  const stop = useCallback(() => void (active && store.stop(active.runId)), [active, store])

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented || menuOpen) return
      if (source) closeSource()
      else stop()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [source, closeSource, stop, menuOpen])

  const sidebar = <Sidebar sessions={sessions} activeId={sessionId} onOpen={openSession} onForget={forget} />
  const panel = source && <SourcePanel key={source.chunkId} resource={source} onClose={closeSource} />

  return (
    <div className="page">
      {wide ? (
        sidebar
      ) : (
        <Drawer
          placement="left"
          size={288}
          open={menuOpen}
          onClose={() => setMenuOpen(false)}
          closable={false}
          title={null}
          aria-label={t('nav.recent')}
          styles={{ body: { padding: 0 } }}
        >
          {sidebar}
        </Drawer>
      )}
      <main className="chat">
        <TopBar
          title={title}
          connection={sessionId === undefined ? 'open' : view.connection}
          onMenu={wide ? undefined : () => setMenuOpen(true)}
          onNew={() => openSession(undefined)}
        />
        {me.trial && <TrialBanner />}
        <Conversation
          key={`conversation-${store.key}`}
          turns={turns}
          view={view}
          onAsk={ask}
          onStop={store.stop}
          onOlder={store.loadOlder}
          onSource={openSource}
          onNew={() => openSession(undefined)}
        />
        {view.load !== 'missing' && (
          <div className="dock">
            <div className="dock-content">
              <FailureAlert failure={view.failure} onDismiss={store.dismissFailure} />
              <Composer
                key={`composer-${store.key}`}
                running={active !== undefined}
                stopping={active !== undefined && view.stopping.has(active.runId)}
                onAsk={ask}
                onStop={stop}
              />
            </div>
          </div>
        )}
      </main>
      {roomy
        ? panel && <aside className="source-aside">{panel}</aside>
        : panel && (
            <Drawer
              open
              onClose={closeSource}
              size={wide ? 460 : '100%'}
              closable={false}
              title={null}
              aria-label={t('sources.panel')}
              styles={{ body: { padding: 0 } }}
            >
              {panel}
            </Drawer>
          )}
    </div>
  )
}
