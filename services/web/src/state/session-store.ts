import { toApiError } from '../api/api-error.ts'
import * as api from '../api/askwire-api.ts'
import { followSession } from '../api/follow-session.ts'
import type { StreamEvent } from '../api/stream-event.ts'
import { createFrameScheduler } from './frame-scheduler.ts'
import { lacksAnswer, lacksQuestion } from './list-turns.ts'
import { loginAccess } from './login-access.ts'
import { mergeMessages } from './merge-messages.ts'
import { questionView } from './question-view.ts'
import { reduceEvent } from './reduce-event.ts'
import { EMPTY_SESSION, hasEnded, newRun, type SessionState, withRun } from './session-state.ts'
import type { SessionStore, SessionView } from './session-view.ts'
import { createStoredSession } from './stored-session.ts'

/** Before every event of a session: a stream from here misses nothing of a session that has just begun. */
const ORIGIN = '0-0'
/** An unfinished run that is not heard of for this long is looked up, so that no lost event leaves the page waiting. */
const QUIET_MS = 15_000

let stores = 0

/**
 * One open session: loads what is stored, follows the stream, asks and stops. Events gather and are taken in once per frame.
 */
export function createSessionStore(initialId: string | undefined): SessionStore {
  stores += 1
  const key = stores
  let sessionId = initialId
  let view: SessionView = {
    session: EMPTY_SESSION,
    connection: 'connecting',
    load: initialId === undefined ? 'ready' : 'loading',
    sending: null,
    stopping: new Set(),
    failure: null,
  }
  const listeners = new Set<() => void>()
  let queue: StreamEvent[] = []
  let following: AbortController | undefined
  let lastHeardAt = 0
  let watch: ReturnType<typeof setInterval> | undefined

  const set = (change: Partial<SessionView>): void => {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  const setSession = (session: SessionState): void => {
    if (session !== view.session) set({ session })
  }
  const fail = (error: unknown): void => set({ failure: toApiError(error) })

  const flush = (): void => {
    const events = queue
    queue = []
    setSession(events.reduce(reduceEvent, view.session))
    const news = events.some(({ event }) => event === 'workflow_started' || event === 'queued' || event === 'snapshot')
    const ended = events.some(({ event }) => event === 'workflow_finished')
    // A question on its way is not lacking: its acceptance brings it.
    const unknown = (news || ended) && view.sending === null && lacksQuestion(view.session)
    if (unknown || (ended && lacksAnswer(view.session))) load()
  }
  const frames = createFrameScheduler(flush)

  const stored = createStoredSession({
    getSession: () => view.session,
    setSession,
    onLoaded: () => set({ load: 'ready' }),
    onMissing: () => set({ load: 'missing' }),
    onFailure: fail,
  })
  const load = (): void => {
    if (sessionId !== undefined) void stored.load(sessionId)
  }
  const lookUpQuiet = (): void => {
    if (sessionId !== undefined && performance.now() - lastHeardAt > QUIET_MS) void stored.lookUpUnfinished(sessionId)
  }

  const connect = (): void => {
    const id = sessionId
    if (id === undefined || following || view.load === 'missing') return
    const controller = new AbortController()
    following = controller
    watch = setInterval(lookUpQuiet, QUIET_MS)
    const isCurrent = (): boolean => following === controller
    void followSession({
      sessionId: id,
      lastEventId: view.session.lastEventId ?? (initialId === undefined ? ORIGIN : undefined),
      signal: controller.signal,
      onOpen: (resumed) => {
        if (!isCurrent()) return
        set({ connection: 'open' })
        if (!resumed || view.load !== 'ready') load()
      },
      onReconnecting: () => {
        if (!isCurrent()) return
        set({ connection: 'reconnecting' })
        if (view.load === 'loading') load()
      },
      onMissing: () => isCurrent() && set({ load: 'missing' }),
      onUnauthenticated: () => loginAccess.renew(loginAccess.current()),
      onRefused: () => {
        if (!isCurrent()) return
        set({ connection: 'open' })
        // Says why: the login is over, or the permission is gone.
        load()
      },
      onEvent: (event) => {
        lastHeardAt = performance.now()
        queue.push(event)
        frames.request()
      },
    })
  }

  const ask = async (question: string): Promise<string | undefined> => {
    set({ sending: question, failure: null })
    try {
      const accepted = await api.askQuestion({ message: question, sessionId })
      sessionId ??= accepted.sessionId
      const { runId, questionId, status, position } = accepted
      const merged = mergeMessages(view.session, [questionView(accepted.sessionId, questionId, runId, question)])
      const run = merged.runs.get(runId) ?? newRun(runId, { status, position })
      set({ session: withRun(merged, { ...run, questionId }), sending: null })
      connect()
      if (lacksQuestion(view.session)) load()
      return accepted.sessionId
    } catch (error) {
      set({ sending: null })
      fail(error)
      return undefined
    }
  }

  const stop = async (runId: string): Promise<void> => {
    set({ stopping: new Set(view.stopping).add(runId) })
    try {
      const { status } = await api.cancelRun(runId)
      const run = view.session.runs.get(runId)
      // The stream says so too, but of a run that was only waiting not before the one ahead of it is done.
      if (run && hasEnded({ status })) setSession(withRun(view.session, { ...run, status }))
    } catch (error) {
      fail(error)
    } finally {
      set({ stopping: new Set([...view.stopping].filter((id) => id !== runId)) })
    }
  }

  return {
    key,
    get sessionId() {
      return sessionId
    },
    getView: () => view,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connect,
    disconnect: () => {
      frames.cancel()
      flush()
      clearInterval(watch)
      following?.abort()
      following = undefined
    },
    ask,
    stop,
    loadOlder: async () => {
      if (sessionId !== undefined) await stored.loadOlder(sessionId)
    },
    dismissFailure: () => set({ failure: null }),
  }
}
