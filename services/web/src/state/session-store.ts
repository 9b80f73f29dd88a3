import type { Accepted } from '@askwire/contracts'
import { toApiError } from '../api/api-error.ts'
import { askQuestion, cancelRun } from '../api/askwire-api.ts'
import type { StreamEvent } from '../api/stream-event.ts'
import { createFrameScheduler } from './frame-scheduler.ts'
import { createOpenBranch } from './open-branch.ts'
import { questionView } from './question-view.ts'
import { reduceEvent } from './reduce-event.ts'
import { createSessionActions } from './session-actions.ts'
import { EMPTY_SESSION, hasEnded, newRun, type SessionState, withRun } from './session-state.ts'
import { createSessionStream } from './session-stream.ts'
import type { SessionStore, SessionView } from './session-view.ts'
import { appendQuestion } from './show-branch.ts'
import { createStoredSession } from './stored-session.ts'
import { lacksQuestion, unfinishedRuns } from './unfinished-runs.ts'

let stores = 0

/**
 * One open session, at one of its messages if that is named: loads what is stored, follows the stream, asks and stops. Events gather and are
 * taken in once per frame.
 */
export function createSessionStore(initialId: string | undefined, messageId?: string): SessionStore {
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
  let asking = false

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
    const { leafId, runs: known } = view.session
    setSession(events.reduce(reduceEvent, view.session))
    const began = events.some((event) => event.event === 'workflow_started' && event.questionId !== leafId)
    const ended = events.some(({ event }) => event === 'workflow_finished' || event === 'snapshot')
    // A question on its way is not lacking: its acceptance brings it.
    if (ended || (began && view.load === 'ready' && !asking)) load()
    if (events.some(({ event, runId }) => event === 'queued' && !known.has(runId))) loadQueue()
  }
  const frames = createFrameScheduler(flush)

  const branch = createOpenBranch({ begun: initialId === undefined })
  const stored = createStoredSession({
    messageId,
    getSession: () => view.session,
    setSession,
    branch: branch.name,
    onLoaded: () => set({ load: 'ready' }),
    onOpened: (leafId) => {
      if (sessionId !== undefined) void branch.choose(sessionId, leafId).catch(fail)
    },
    onAnswered: (questionId, leafId) => {
      if (sessionId !== undefined) void branch.follow(sessionId, questionId, leafId).catch(fail)
    },
    onMissing: () => set({ load: 'missing' }),
    onFailure: fail,
  })
  const load = (): void => {
    if (sessionId !== undefined) void stored.load(sessionId)
  }
  const loadQueue = (): void => {
    if (sessionId !== undefined) void stored.loadQueue(sessionId)
  }
  const reload = (): void => {
    load()
    loadQueue()
  }
  const refresh = (messageId?: string): void => {
    loadQueue()
    const isShown = view.session.messages.some(({ id }) => id === messageId)
    if (sessionId !== undefined) void branch.look(sessionId).then((changed) => (changed || isShown) && load())
  }

  const stream = createSessionStream({
    lastEventId: () => view.session.lastEventId,
    begun: initialId === undefined,
    onOpen: (resumed) => {
      set({ connection: 'open' })
      if (!resumed || view.load !== 'ready') reload()
    },
    onReconnecting: () => {
      set({ connection: 'reconnecting' })
      if (view.load === 'loading') load()
    },
    onMissing: () => set({ load: 'missing' }),
    onRefused: () => {
      set({ connection: 'open' })
      // Says why: the login is over, or the permission is gone.
      load()
    },
    onEvent: (event) => {
      queue.push(event)
      frames.request()
    },
    onQuiet: () => {
      if (sessionId !== undefined) void stored.lookUpUnfinished(sessionId)
    },
  })
  const connect = (): void => {
    if (sessionId === undefined || view.load === 'missing') return
    branch.know(sessionId)
    stream.connect(sessionId)
  }

  /**
   * Puts an accepted run into the page: at the end of the branch, or into the queue. When a branch was chosen since it was sent
   * (`choices` were made before), that one stays on show. True when the run's is.
   */
  const take = ({ runId, questionId, status, position }: Accepted, choices: number): boolean => {
    const known = view.session.runs.get(runId) ?? newRun(runId, { position })
    // Of a run that is under way the stream knows better.
    const run = known.status === 'queued' ? { ...known, status } : known
    setSession(withRun(view.session, { ...run, questionId }))
    if (run.status === 'waiting') {
      loadQueue()
      return false
    }
    if (branch.choices() !== choices) return false
    branch.leave()
    stored.moved()
    return true
  }

  const ask = async (question: string): Promise<string | undefined> => {
    const busy = unfinishedRuns(view.session).length > 0
    const choices = branch.choices()
    asking = true
    set({ sending: busy ? null : question, failure: null })
    try {
      const parentId = branch.parent(view.session)
      const accepted = await branch.inTurn(() => askQuestion({ message: question, sessionId, parentId }))
      sessionId ??= accepted.sessionId
      const { questionId: id, runId } = accepted
      const asked = questionView({ id, sessionId, runId, parentId: null, content: question })
      if (take(accepted, choices)) setSession(appendQuestion(view.session, asked))
      set({ sending: null })
      connect()
      if (lacksQuestion(view.session)) load()
      return accepted.sessionId
    } catch (error) {
      set({ sending: null })
      fail(error)
      return undefined
    } finally {
      asking = false
    }
  }

  const stop = async (runId: string): Promise<void> => {
    set({ stopping: new Set(view.stopping).add(runId) })
    try {
      const { status } = await cancelRun(runId)
      const run = view.session.runs.get(runId)
      // The stream says so too, but of a run that was only waiting not before the one ahead of it is done.
      if (run && hasEnded({ status })) setSession(withRun(view.session, { ...run, status }))
    } catch (error) {
      fail(error)
    } finally {
      set({ stopping: new Set([...view.stopping].filter((id) => id !== runId)) })
    }
  }

  const open = async (message: string): Promise<void> => {
    if (sessionId === undefined) return
    branch.begin(message)
    const leafId = await stored.open(sessionId, message).catch((error: unknown) => {
      branch.giveUp(message)
      throw error
    })
    if (leafId === undefined) return
    await branch.choose(sessionId, leafId)
    if (branch.name() !== 'active') return
    // What was asked for before the gateway knew of the choice may be of the branch before.
    stored.moved()
    // The answer to the question it ended in has come meanwhile.
    if (view.session.leafId !== leafId) load()
  }

  return {
    key,
    get sessionId() {
      return sessionId
    },
    actions: createSessionActions({
      sessionId: () => sessionId,
      getSession: () => view.session,
      setSession,
      open,
      taken: async (send) => {
        const choices = branch.choices()
        const accepted = await branch.inTurn(send)
        if (sessionId !== undefined && take(accepted, choices)) await stored.load(sessionId)
      },
      reload,
      onFailure: fail,
    }),
    getView: () => view,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connect,
    disconnect: () => {
      frames.cancel()
      flush()
      stream.disconnect()
    },
    ask,
    stop,
    loadOlder: async () => {
      if (sessionId !== undefined) await stored.loadOlder(sessionId)
    },
    refresh,
    dismissFailure: () => set({ failure: null }),
  }
}
