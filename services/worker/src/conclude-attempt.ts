import { estimateUsage } from '@askwire/contracts'
import { endEvents, tellEnd } from '@askwire/runs'
import { type Answer, finishRun, storeSummary } from '@askwire/store'
import type { AttemptDeps } from './attempt-deps.ts'
import type { AttemptEnding } from './attempt-ending.ts'
import type { AttemptProgress } from './attempt-progress.ts'
import { whileUnavailable } from './while-unavailable.ts'

/**
 * Ends the run: first what was answered is stored, then the followers are told, then the session's next run has its turn.
 * `fenced` when the run was no longer this attempt's. A death after the store is made good by whoever meets the run next.
 */
export async function concludeAttempt(
  deps: AttemptDeps,
  progress: AttemptProgress,
  ending: Extract<AttemptEnding, { kind: 'end' }>,
): Promise<'ended' | 'fenced'> {
  const { run, writer } = progress
  await writer.flush()
  const { status, error } = ending
  const answer = answerOf(progress, ending)
  const finished = await whileUnavailable(deps, 'finish a run', () =>
    finishRun(deps.store, {
      runId: run.id,
      attempt: run.attempt,
      status,
      answer,
      error,
      firstTokenMs: progress.firstTokenMs,
    }),
  )
  if (!finished) return 'fenced'
  await keepSummary(deps, progress)
  for (const event of endEvents(finished.run, finished.answer)) writer.write(event)
  await writer.flush()
  tellEnd(deps, finished.run)
  await deps.noteEnd(run)
  deps.noteTitle(finished.run)
  return 'ended'
}

/** What stands for the older part of the branch from now on. A summary that is lost is made again: the answer does not wait for it. */
async function keepSummary(deps: AttemptDeps, { run, overflow, summary }: AttemptProgress): Promise<void> {
  if (!overflow || !summary || summary.content.trim() === '') return
  const { upTo: messageId, messages } = overflow
  const { id: runId, sessionId } = run
  try {
    await storeSummary(deps.store, { sessionId, messageId, runId, messages, ...summary })
  } catch (error) {
    deps.logger.warn({ err: error, runId, sessionId }, 'a summary was lost')
  }
}

/** What is stored as the answer: the whole of it, or the part there is; nothing when a run ended without a word. */
function answerOf(progress: AttemptProgress, ending: Extract<AttemptEnding, { kind: 'end' }>): Answer | undefined {
  if (progress.text === '' && ending.status !== 'succeeded') return undefined
  return {
    content: progress.text,
    model: progress.model ?? null,
    resources: progress.resources,
    usage: ending.usage ?? estimateUsage([{ content: progress.run.question }], progress),
    finishReason: ending.finishReason,
    partial: ending.status !== 'succeeded',
    steps: progress.steps.all(),
  }
}
