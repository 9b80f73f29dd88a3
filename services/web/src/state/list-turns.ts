import type { MessageView } from '@askwire/contracts'
import { hasEnded, type LiveRun, type SessionState } from './session-state.ts'

/** A question and what is known of its answer: the run as it streams, the stored answer, or both. */
export type Turn = {
  readonly key: string
  readonly question: MessageView | undefined
  readonly run: LiveRun | undefined
  readonly answer: MessageView | undefined
}

/**
 * The session as turns, oldest first. A question that was answered more than once shows its newest run and answer. A run whose question
 * is not loaded yet is left out until it is.
 */
export function listTurns(state: SessionState): Turn[] {
  const answers = new Map<string, MessageView>()
  for (const message of state.messages) {
    if (message.role !== 'assistant') continue
    answers.set(message.runId ?? message.id, message)
    // Ids sort by time: the newest stays.
    if (message.parentId !== null) answers.set(message.parentId, message)
  }
  const runs = new Map<string, LiveRun>()
  for (const run of state.runs.values()) {
    const known = runs.get(run.questionId ?? '')
    if (run.questionId !== null && (!known || known.runId < run.runId)) runs.set(run.questionId, run)
  }
  const turns: Turn[] = []
  const questions = new Set<string>()
  for (const question of state.messages) {
    if (question.role !== 'user') continue
    questions.add(question.id)
    const run = runs.get(question.id) ?? state.runs.get(question.runId ?? '')
    turns.push({ key: question.id, question, run, answer: answerOf(question, run, answers) })
  }
  // The oldest page may begin with an answer whose question is on the page before.
  const orphans = state.messages.filter(({ role, parentId }) => role === 'assistant' && !questions.has(parentId ?? ''))
  return [...orphans.map((answer) => ({ key: answer.id, question: undefined, run: undefined, answer })), ...turns]
}

/** The answer of the run that is shown, which may not be there yet while it goes on. */
function answerOf(
  question: MessageView,
  run: LiveRun | undefined,
  answers: ReadonlyMap<string, MessageView>,
): MessageView | undefined {
  if (run && run.runId !== question.runId) return answers.get(run.runId)
  return answers.get(question.id) ?? answers.get(question.runId ?? '')
}

/** The session's unfinished runs in the order they were asked: the first is the one being answered. */
export function unfinishedRuns(state: SessionState): LiveRun[] {
  const order = new Map(state.messages.map((message, index) => [message.id, index]))
  const place = (run: LiveRun): number => order.get(run.questionId ?? '') ?? Number.MAX_SAFE_INTEGER
  return [...state.runs.values()].filter((run) => !hasEnded(run)).sort((a, b) => place(a) - place(b))
}

/** True when the stream speaks of a question that is not loaded: it was asked in another tab. */
export function lacksQuestion(state: SessionState): boolean {
  const known = new Set(state.messages.flatMap(({ id, runId }) => [id, runId]))
  return [...state.runs.values()].some((run) => !known.has(run.runId) && !known.has(run.questionId))
}

/** True when a run has ended and what the stream brought of its answer is not all that was stored. */
export function lacksAnswer(state: SessionState): boolean {
  const stored = new Set(state.messages.map((message) => message.id))
  return [...state.runs.values()].some(
    (run) => run.answerId !== null && !stored.has(run.answerId) && run.text.length !== run.answerLength,
  )
}

/** Newest questions first of which neither an answer nor a run is known, or only that the answer broke off: their run has to be asked for. */
export function unsettledRunIds(state: SessionState, limit: number): string[] {
  return listTurns(state)
    .reverse()
    .filter(({ run, answer }) => run === undefined && (answer === undefined || answer.finishReason === 'error'))
    .flatMap(({ question }) => question?.runId ?? [])
    .slice(0, limit)
}
