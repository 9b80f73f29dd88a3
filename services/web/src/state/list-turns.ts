import type { MessageView } from '@askwire/contracts'
import type { LiveRun, SessionState } from './session-state.ts'

/** A question and what is known of its answer: the run as it streams, the stored answer, or both. */
export type Turn = {
  readonly key: string
  readonly question: MessageView | undefined
  readonly run: LiveRun | undefined
  readonly answer: MessageView | undefined
  /** Answers the question has already while another one is made, or was meant to be: oldest first. */
  readonly others: readonly string[]
}

/**
 * The branch on show as turns, oldest first: from its last message up, as far as it is loaded. An answer that has ended counts from
 * then on, though what is stored of it is not loaded yet.
 */
export function listTurns(state: SessionState): Turn[] {
  const known = new Map(state.messages.map((message) => [message.id, message]))
  const made = new Map(
    [...state.runs.values()].flatMap((run) => (run.answerId === null ? [] : [[run.answerId, run] as const])),
  )
  const turns: Turn[] = []
  let answerId: string | undefined
  let at = state.leafId
  while (at !== null) {
    const message = known.get(at)
    if (message?.role === 'user') {
      turns.push(turnOf(state, message, answerId, { known, made }))
      answerId = undefined
    } else {
      // What was imported may have an answer below an answer.
      if (answerId !== undefined) turns.push(...loneAnswer(known.get(answerId)))
      answerId = at
    }
    at = (message ? message.parentId : made.get(at)?.questionId) ?? null
  }
  // The oldest page may begin with an answer whose question is on the page before.
  if (answerId !== undefined) turns.push(...loneAnswer(known.get(answerId)))
  return turns.reverse()
}

function turnOf(
  state: SessionState,
  question: MessageView,
  answerId: string | undefined,
  { known, made }: { known: ReadonlyMap<string, MessageView>; made: ReadonlyMap<string, LiveRun> },
): Turn {
  const { id: key } = question
  if (answerId !== undefined) {
    const answer = known.get(answerId)
    const run = made.get(answerId) ?? state.runs.get(answer?.runId ?? '')
    return { key, question, run, answer, others: NONE }
  }
  const run = newestRun(state, question)
  const answer = run?.answerId == null ? undefined : known.get(run.answerId)
  return { key, question, run, answer, others: answer ? NONE : answersOf(state, question.id, run?.answerId) }
}

function loneAnswer(answer: MessageView | undefined): Turn[] {
  // The key it has when its question comes.
  return answer
    ? [{ key: answer.parentId ?? answer.id, question: undefined, run: undefined, answer, others: NONE }]
    : []
}

/** The newest run of a question that has had its turn, or its only one. */
function newestRun(state: SessionState, { id, runId }: MessageView): LiveRun | undefined {
  const runs = [...state.runs.values()].filter((run) => run.questionId === id || run.runId === runId)
  const turned = runs.filter(({ status }) => status !== 'waiting')
  return (turned.length > 0 ? turned : runs).reduce<LiveRun | undefined>(
    (newest, run) => (newest && newest.runId > run.runId ? newest : run),
    undefined,
  )
}

/** The ids of a question's answers, as its newest one that is loaded tells them. */
function answersOf(state: SessionState, questionId: string, except: string | null | undefined): readonly string[] {
  const newest = state.messages.findLast(
    ({ id, role, parentId }) => role === 'assistant' && parentId === questionId && id !== except,
  )
  return newest ? (newest.siblings?.ids ?? [newest.id]).filter((id) => id !== except) : NONE
}

const NONE: readonly string[] = []

/** Whether a message stands in the branch on show, as far as that is loaded. */
export function isShown(turns: readonly Turn[], messageId: string): boolean {
  return turns.some(({ question, answer }) => question?.id === messageId || answer?.id === messageId)
}
