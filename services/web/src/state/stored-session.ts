import type { MessageView, Page } from '@askwire/contracts'
import { ApiError } from '../api/api-error.ts'
import { getRun } from '../api/askwire-api.ts'
import * as api from '../api/messages-api.ts'
import { applyRunView } from './apply-run-view.ts'
import { mergeMessages } from './merge-messages.ts'
import { withQueue } from './queue-state.ts'
import { hasEnded, type SessionState } from './session-state.ts'
import { showBranch } from './show-branch.ts'
import { unfinishedRuns } from './unfinished-runs.ts'

/** Runs that are asked for one by one when nothing is heard of them. */
const MAX_LOOKED_UP = 5

export type StoredSession = {
  /**
   * Loads the end of the open branch. One load at a time; one that is asked for meanwhile follows it. A server that is away is no
   * failure: the stream says so, and loads when it is back.
   */
  load(sessionId: string): Promise<void>
  loadOlder(sessionId: string): Promise<void>
  /** Loads the branch through a message and shows it. Gives its last message; undefined when another is to be shown by now. */
  open(sessionId: string, messageId: string): Promise<string | undefined>
  loadQueue(sessionId: string): Promise<void>
  /** The branch on show was chosen by the page: what is being loaded is of the one before. */
  moved(): void
  /** Asks how the unfinished runs are, for a stream that says nothing of them. Never rejects. */
  lookUpUnfinished(sessionId: string): Promise<void>
}

export type StoredSessionOptions = {
  getSession(): SessionState
  setSession(session: SessionState): void
  /** The branch to load: the one that is open on the gateway, or one that only this page shows. */
  branch(): api.BranchName
  /** A message to begin with; its branch is shown, if there is such a message. */
  messageId: string | undefined
  onLoaded(): void
  /** Another branch is on show than the gateway has open: the one that ends here. */
  onOpened(leafId: string): void
  /** The open branch ended in a question, which has its answer by now. */
  onAnswered(questionId: string, leafId: string): void
  onMissing(): void
  onFailure(error: unknown): void
}

/** What the database holds of a session, brought into the page's state. */
export function createStoredSession(options: StoredSessionOptions): StoredSession {
  const { getSession, setSession } = options
  let { messageId: wanted } = options
  let loading: Promise<void> | undefined
  let again = false
  let moves = 0
  let queueLoads = 0

  const guard = async (
    work: () => Promise<void>,
    ignores: (error: unknown) => boolean = () => false,
  ): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (isMissing(error)) options.onMissing()
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
    const mine = moves
    const page = await api.listBranch(sessionId, options.branch())
    const beside = await besideOpen(sessionId, page)
    const below = beside ? undefined : await belowQuestion(sessionId, page.items[0])
    if (mine !== moves) {
      again = true
      return setSession(mergeMessages(getSession(), page.items))
    }
    wanted = undefined
    setSession(showBranch(mergeMessages(getSession(), page.items), beside ?? below ?? page))
    const questionId = page.items[0]?.id
    const openedId = beside?.items[0]?.id
    const answeredId = below?.items[0]?.id
    if (openedId !== undefined) options.onOpened(openedId)
    else if (questionId !== undefined && answeredId !== undefined) options.onAnswered(questionId, answeredId)
    options.onLoaded()
  }

  /** The branch of the message to begin with, when that is another than the open one. */
  const besideOpen = async (sessionId: string, open: Page<MessageView>): Promise<Page<MessageView> | undefined> => {
    if (wanted === undefined || open.items.some(({ id }) => id === wanted)) return undefined
    const page = await api.listBranch(sessionId, wanted).catch(unlessMissing)
    return page && page.items[0]?.id !== open.items[0]?.id ? page : undefined
  }

  /**
   * A branch that ends in a question: one that was answered before has other answers to be shown beside what comes of it now. And one that
   * was opened while it was being answered ends in its answer by now.
   */
  const belowQuestion = async (
    sessionId: string,
    leaf: MessageView | undefined,
  ): Promise<Page<MessageView> | undefined> => {
    if (leaf?.role !== 'user' || !leaf.run) return undefined
    if (leaf.run.runId === leaf.runId && !hasEnded(leaf.run)) return undefined
    const page = await api.listBranch(sessionId, leaf.id)
    const answer = page.items.find(({ parentId }) => parentId === leaf.id)
    if (answer?.runId === leaf.run.runId) return page
    setSession(mergeMessages(getSession(), page.items))
    return undefined
  }

  const load = (sessionId: string): Promise<void> => {
    again = loading !== undefined
    loading ??= loadUntilNew(sessionId).finally(() => {
      loading = undefined
    })
    return loading
  }

  const loadOlderPage = async (sessionId: string): Promise<void> => {
    const mine = moves
    const { olderCursor, leafId } = getSession()
    if (olderCursor === null || leafId === null) return
    const page = await api.listBranch(sessionId, leafId, olderCursor)
    const before = getSession()
    const merged = mergeMessages(before, page.items)
    if (mine !== moves || before.olderCursor !== olderCursor) return setSession(merged)
    setSession({ ...merged, olderCursor: page.nextCursor })
    // All of it was known from another branch.
    if (merged.messages.length === before.messages.length) await loadOlderPage(sessionId)
  }

  return {
    load,
    loadOlder: (sessionId) => guard(() => loadOlderPage(sessionId)),
    open: async (sessionId, messageId) => {
      moves += 1
      const mine = moves
      const page = await api.listBranch(sessionId, messageId)
      const leafId = page.items[0]?.id
      if (mine !== moves) return undefined
      const shown = leafId === getSession().leafId
      setSession(shown ? mergeMessages(getSession(), page.items) : showBranch(getSession(), page))
      return leafId
    },
    loadQueue: async (sessionId) => {
      queueLoads += 1
      const mine = queueLoads
      // What fails now is made good by the next news of the session.
      const queue = await api.listQueue(sessionId).catch(() => undefined)
      if (queue && mine === queueLoads) setSession(withQueue(getSession(), queue.items))
    },
    moved: () => {
      moves += 1
    },
    lookUpUnfinished: async (sessionId) => {
      for (const { runId } of unfinishedRuns(getSession()).slice(0, MAX_LOOKED_UP)) {
        // What fails now is tried again at the next look.
        const run = await getRun(runId).catch(() => undefined)
        if (!run) continue
        setSession(applyRunView(getSession(), run))
        if (hasEnded(run)) await load(sessionId)
      }
    },
  }
}

const isAway = (error: unknown): boolean => error instanceof ApiError && error.code === 'network'
const isMissing = (error: unknown): boolean => error instanceof ApiError && error.code === 'not_found'
const unlessMissing = (error: unknown): undefined => {
  if (!isMissing(error)) throw error
  return undefined
}
