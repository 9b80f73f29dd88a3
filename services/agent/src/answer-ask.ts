import { type AgentFailure, AppError } from '@askwire/contracts'
import type { ChatModel } from '@askwire/models'
import type { Ask } from './a2a/parse-ask.ts'
import type { RunCheckpoints } from './checkpoints/run-checkpoints.ts'
import type { AgentEvents, TaskFacts } from './events.ts'
import type { AgentGraph } from './graph/build-graph.ts'
import { readFound } from './graph/found-passage.ts'
import { Run } from './graph/run.ts'
import { readSummary } from './graph/summarise.ts'
import { makeTitle } from './make-title.ts'
import type { LiveTask } from './tasks/live-task.ts'

export type AnswerDeps = {
  graph: AgentGraph
  checkpoints: RunCheckpoints
  events: AgentEvents
  chat: ChatModel
  /** How a title is made, as a question is condensed: by the model, or by rule where it cannot. */
  titleBy: 'rule' | 'model'
}

/** Runs the graph for a task and ends the task, whatever happens. Never rejects. */
export async function answerAsk(deps: AnswerDeps, task: LiveTask, { question, request }: Ask): Promise<void> {
  const facts = { taskId: task.id, runId: task.runId, sessionId: task.contextId, attempt: task.attempt }
  const run = new Run({ question, request, emit: task, signal: task.signal })
  deps.events.taskStarted(facts)
  // Whoever sent the message subscribes in this turn, and is told everything from the start.
  await Promise.resolve()
  task.progress({ kind: 'started', model: request.model ?? deps.chat.name })
  let failure: { error: unknown; told: AgentFailure } | undefined
  try {
    if (request.purpose === 'title') await makeTitle(deps.chat, run, deps.titleBy)
    else await runGraph(deps, run, facts)
    if (!run.result) throw new Error('the graph ended without a result')
    task.complete(run.result)
  } catch (error) {
    if (wasCancelled(task.signal)) task.cancel(run.result)
    else {
      failure = {
        error,
        told: {
          ...toFailure(task.signal.aborted ? task.signal.reason : error),
          ...(run.result && { usage: run.result.usage }),
        },
      }
      task.fail(failure.told)
    }
  }
  deps.events.taskEnded(
    facts,
    failure ? 'failed' : run.signal.aborted ? 'canceled' : 'completed',
    performance.now() - task.startedAt,
    failure?.error,
  )
  // An attempt that was overtaken, or may be tried again, leaves the checkpoint to the next one, which may be another agent's.
  if (failure?.told.retryable) await deps.checkpoints.writeNow(request.runId)
  else if (failure?.told.code !== 'stale_attempt') await deps.checkpoints.deleteThread(request.runId)
}

/**
 * `invoke` and nothing else: no stream modes, no callbacks. The signal is not LangGraph's to race: the node that heeds it says
 * what was used. A later attempt goes on after the last node that left a checkpoint.
 */
async function runGraph({ graph, checkpoints, events }: AnswerDeps, run: Run, facts: TaskFacts): Promise<void> {
  const { runId, attempt } = run.request
  // A first attempt has nothing to resume and does not ask.
  const saved = attempt > 1 ? await checkpoints.getTuple({ configurable: { thread_id: runId } }) : undefined
  if (saved) {
    events.runResumed(facts)
    const { found, summary } = saved.checkpoint.channel_values
    if (typeof summary === 'string') run.emit.summary(readSummary(summary))
    if (typeof found === 'string') run.emit.resources(readFound(found).map((passage) => passage.resource))
  }
  await graph.invoke(saved ? null : { runId }, { configurable: { thread_id: runId, run, saved }, durability: 'async' })
}

function wasCancelled(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof AppError && signal.reason.code === 'cancelled'
}

/** What the worker may know of a failure. Only an `AppError` speaks for itself. */
function toFailure(error: unknown): AgentFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message, retryable: error.retryable }
  return { code: 'agent_failed', message: 'The answer could not be made.', retryable: false }
}
