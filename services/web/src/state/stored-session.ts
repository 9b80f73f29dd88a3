import { ApiError } from '../api/api-error.ts'
import * as api from '../api/askwire-api.ts'
import { applyRunView } from './apply-run-view.ts'
import { unfinishedRuns, unsettledRunIds } from './list-turns.ts'
import { mergeMessages } from './merge-messages.ts'
import type { SessionState } from './session-state.ts'

/** Runs that are asked for one by one after a load. */
const MAX_SETTLED = 5

export type StoredSession = {
  /**
   * Loads the newest messages, then asks for the runs the stream says nothing of. One load at a time; one that is asked for
   * meanwhile follows it. A server that is away is no failure: the stream says so, and loads when it is back.
   */
  load(sessionId: string): Promise<void>
  loadOlder(sessionId: string): Promise<void>
  /** Asks how the unfinished runs are, for a stream that says nothing of them. Never rejects. */
  lookUpUnfinished(sessionId: string): Promise<void>
}

export type StoredSessionOptions = {
  getSession(): SessionState
  setSession(session: SessionState): void
  onLoaded(): void
  onMissing(): void
  onFailure(error: unknown): void
}

/** What the database holds of a session, brought into the page's state. */
export function createStoredSession(options: StoredSessionOptions): StoredSession {
  const { getSession, setSession } = options
  let loading: Promise<void> | undefined
  let again = false
  let loadedOnce = false

  const guard = async (
    work: () => Promise<void>,
    ignores: (error: unknown) => boolean = () => false,
  ): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') options.onMissing()
      else if (!ignores(error)) options.onFailure(error)
    }
  }

  const loadUntilNew = async (sessionId: string): Promise<void> => {
    do {
      again = false
      await guard(() => loadNewest(sessionId), isAway)
    } while (again)
  }

  const loadNewest = async (sessionId: string): Promise<void> => {
    const page = await api.listMessages(sessionId)
    const merged = mergeMessages(getSession(), page.items)
    setSession(loadedOnce ? merged : { ...merged, olderCursor: page.nextCursor })
    loadedOnce = true
    options.onLoaded()
    // A run that ended before the stream was open is in no replay, and a failed one left no answer.
    for (const runId of unsettledRunIds(getSession(), MAX_SETTLED)) await lookUp(sessionId, runId)
  }

  const lookUp = async (sessionId: string, runId: string): Promise<void> => {
    const run = await api.getRun(runId)
    setSession(applyRunView(getSession(), run))
    const stored = getSession().messages.some((message) => message.id === run.answerId)
    if (run.answerId !== null && !stored) {
      setSession(mergeMessages(getSession(), (await api.listMessages(sessionId)).items))
    }
  }

  return {
    load: (sessionId) => {
      again = loading !== undefined
      loading ??= loadUntilNew(sessionId).finally(() => {
        loading = undefined
      })
      return loading
    },
    loadOlder: (sessionId) =>
      guard(async () => {
        const cursor = getSession().olderCursor
        if (cursor === null) return
        const page = await api.listMessages(sessionId, cursor)
        setSession({ ...mergeMessages(getSession(), page.items), olderCursor: page.nextCursor })
      }),
    lookUpUnfinished: async (sessionId) => {
      // What fails now is tried again at the next look.
      for (const { runId } of unfinishedRuns(getSession()).slice(0, MAX_SETTLED)) {
        await lookUp(sessionId, runId).catch(() => {})
      }
    },
  }
}

const isAway = (error: unknown): boolean => error instanceof ApiError && error.code === 'network'
