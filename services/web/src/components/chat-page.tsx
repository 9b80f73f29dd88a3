import type { Notice, Resource } from '@askwire/contracts'
import { Drawer } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useArrangement } from '../hooks/use-arrangement.ts'
import { useMe } from '../hooks/use-auth.ts'
import { useMedia } from '../hooks/use-media.ts'
import { useMessageTools } from '../hooks/use-message-tools.ts'
import { messageIdOf, useOpenSession } from '../hooks/use-open-session.ts'
import { useOpenedMessage } from '../hooks/use-opened-message.ts'
import { useOpenedSession } from '../hooks/use-opened-session.ts'
import { usePath } from '../hooks/use-path.ts'
import { useReading } from '../hooks/use-reading.ts'
import { useSessionList } from '../hooks/use-session-list.ts'
import { listTurns } from '../state/list-turns.ts'
import type { ListFilter } from '../state/session-list.ts'
import { unfinishedRuns } from '../state/unfinished-runs.ts'
import { Composer } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { FailureAlert } from './failure-alert.tsx'
import { MessageToolsContext } from './messages/message-tools.ts'
import { QueueList } from './messages/queue-list.tsx'
import { type SessionDialog, SessionDialogs } from './session-dialogs.tsx'
import { SessionMenu } from './session-menu.tsx'
import { SessionNote } from './session-note.tsx'
import { Sidebar } from './sidebar/sidebar.tsx'
import { SourcePanel } from './source-panel.tsx'
import { TopBar } from './top-bar.tsx'
import { TrialBanner } from './trial-banner.tsx'

/** The whole page: sessions at the left, the conversation, and beside it the source that is open. */
export function ChatPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { store, view, open, ask } = useOpenSession()
  const [filter, setFilter] = useState<ListFilter>(OPEN)
  const onNews = (notice: Notice | undefined): void => {
    if (notice && (notice.event !== 'session.updated' || notice.sessionId !== store.sessionId)) return
    const changed = notice?.data.messageId
    store.refresh(typeof changed === 'string' ? changed : undefined)
  }
  const [arrangement, arrange] = useArrangement()
  const listView = useMemo(() => ({ filter, arrangement }), [filter, arrangement])
  const list = useSessionList(listView, onNews)
  const messageId = messageIdOf(usePath())
  const wide = useMedia('(min-width: 860px)')
  const roomy = useMedia('(min-width: 1180px)')
  const [menuOpen, setMenuOpen] = useState(false)
  const [source, setSource] = useState<Resource | undefined>()
  const opener = useRef<HTMLElement | null>(null)

  const turns = useMemo(() => listTurns(view.session), [view.session])
  const active = useMemo(() => unfinishedRuns(view.session)[0], [view.session])
  const { sessionId } = store
  const listed = list.data?.items.find(({ id }) => id === sessionId)
  const { session: opened, pending } = useOpenedSession(store, listed, list.seen)
  const access = opened?.access ?? 'owner'
  const [dialog, setDialog] = useState<SessionDialog>()
  const title = opened?.title ?? turns.find(({ question }) => question !== undefined)?.question?.content

  useReading(access === 'owner' ? listed : undefined, list.show)
  useOpenedMessage(store, view.load === 'ready' ? messageId : undefined, turns)
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
    (id: string | undefined, message?: string) => {
      setSource(undefined)
      setMenuOpen(false)
      open(id, message)
    },
    [open],
  )
  const tools = useMessageTools(store, access, openSession)
  const mayAsk = access !== 'view'
  const stop = useCallback(() => void (active && mayAsk && store.stop(active.runId)), [active, mayAsk, store])

  const closeDialog = useCallback(() => setDialog(undefined), [])
  const gone = (goneId: string): void => {
    list.drop(goneId)
    if (goneId === sessionId) openSession(undefined)
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented || menuOpen || dialog) return
      // What has opened over the page is closed by it, and no more.
      if (event.target instanceof Element && event.target.closest('[role=menu], [role=dialog], .ant-dropdown-open'))
        return
      if (source) closeSource()
      else stop()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [source, closeSource, stop, menuOpen, dialog])

  const sidebar = (
    <Sidebar
      list={list}
      view={listView}
      activeId={sessionId}
      onFilter={setFilter}
      onArrange={arrange}
      onOpen={openSession}
      onDialog={setDialog}
    />
  )
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
          aria-label={t('sessions.list')}
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
          actions={opened && <SessionMenu session={opened} onDialog={setDialog} />}
        />
        {me.trial && <TrialBanner />}
        {opened && <SessionNote session={opened} />}
        <MessageToolsContext value={tools}>
          <Conversation
            key={`conversation-${store.key}`}
            turns={turns}
            view={view}
            messageId={messageId}
            onAsk={ask}
            onStop={store.stop}
            onOlder={store.loadOlder}
            onSource={openSource}
            onNew={() => openSession(undefined)}
          />
          {view.load !== 'missing' && !pending && (mayAsk || view.failure) && (
            <div className="dock">
              <div className="dock-content">
                <FailureAlert failure={view.failure} area="conversationFailure" onDismiss={store.dismissFailure} />
                {mayAsk && (
                  <>
                    <QueueList queue={view.session.queue} />
                    <Composer
                      key={`composer-${store.key}`}
                      // A draft is the owner's.
                      sessionId={access === 'owner' ? sessionId : undefined}
                      running={active !== undefined}
                      stopping={active !== undefined && view.stopping.has(active.runId)}
                      onAsk={ask}
                      onStop={stop}
                    />
                  </>
                )}
              </div>
            </div>
          )}
        </MessageToolsContext>
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
      <SessionDialogs dialog={dialog} onGone={gone} onClose={closeDialog} />
    </div>
  )
}

const OPEN: ListFilter = { kind: 'open' }
