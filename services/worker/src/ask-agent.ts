import { type AgentRequest, AppError } from '@askwire/contracts'
import { type History, readHistory } from '@askwire/store'
import type { AgentEnd } from './a2a/agent-event.ts'
import type { AttemptDeps } from './attempt-deps.ts'
import { type AttemptProgress, applyAgentEvent } from './attempt-progress.ts'

/** Messages of the branch sent to the agent as they are, at the most. */
const HISTORY_MESSAGES = 40
/** After a stop the agent has this long to say how far it came. */
const CANCEL_GRACE_MS = 1000
/** Stops after which the agent is let finish its last sentence to us; after any other the connection is simply cut. */
const TOLD = new Set(['cancelled', 'deadline_exceeded'])

/**
 * Sends the question with its history to the agent and puts what it streams into the attempt's progress. A stop is told to
 * the agent, which closes its provider's socket and ends the stream itself, saying what was used. Throws as `AgentClient.ask`.
 */
export async function askAgent(deps: AttemptDeps, progress: AttemptProgress, signal: AbortSignal): Promise<AgentEnd> {
  const request = await agentRequestFor(deps, progress)
  const link = new AbortController()
  let grace: NodeJS.Timeout | undefined
  const stop = (): void => {
    const { taskId } = progress
    if (taskId !== undefined) {
      deps.agent
        .cancel(taskId)
        // Another agent behind the same address was told. The one that answers stops when its reader leaves.
        .then((known) => known || link.abort(signal.reason))
        .catch((error: unknown) => deps.logger.debug({ err: error, taskId }, 'a stop was not heard'))
    }
    const told = taskId !== undefined && signal.reason instanceof AppError && TOLD.has(signal.reason.code)
    if (told) grace = setTimeout(() => link.abort(signal.reason), CANCEL_GRACE_MS)
    else link.abort(signal.reason)
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const { question } = progress.run
    return await deps.agent.ask(
      question,
      request,
      (event) => applyAgentEvent(deps.events, progress, event),
      link.signal,
    )
  } finally {
    clearTimeout(grace)
    signal.removeEventListener('abort', stop)
  }
}

async function agentRequestFor(deps: AttemptDeps, progress: AttemptProgress): Promise<AgentRequest> {
  const { run } = progress
  const { history, summary, overflow } = await historyOf(deps, progress)
  progress.overflow = overflow
  return {
    schemaVersion: 1,
    runId: run.id,
    sessionId: run.sessionId,
    attempt: run.attempt,
    scope: run.scope,
    ...(run.model !== null && { model: run.model }),
    ...(run.collectionIds !== null && { collectionIds: run.collectionIds }),
    ...(run.attachments.length > 0 && { documentIds: run.attachments }),
    ...(summary !== undefined && { summary }),
    ...(overflow && { overflow: overflow.turns }),
    history,
  }
}

/** What the question hangs below, oldest first. */
async function historyOf(deps: AttemptDeps, { run }: AttemptProgress): Promise<History> {
  if (run.parentId === null) return { history: [] }
  return await readHistory(deps.store, run.scope, {
    sessionId: run.sessionId,
    leafId: run.parentId,
    maxMessages: HISTORY_MESSAGES,
    maxChars: deps.config.ASKWIRE_HISTORY_CHARS,
  })
}
