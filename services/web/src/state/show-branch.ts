import type { MessageView, Page } from '@askwire/contracts'
import { mergeMessages } from './merge-messages.ts'
import { hasEnded, newRun, type SessionState, withRun } from './session-state.ts'

/** The state with the newest page of a branch put in and on show. */
export function showBranch(state: SessionState, page: Page<MessageView>): SessionState {
  const leaf = page.items[0]
  const merged = mergeMessages(state, page.items)
  const leafId = leaf?.id ?? null
  // More of it may be loaded already than this page holds.
  const top = topOf(merged, leafId)
  const reached = top !== null && top.id === topOf(state, state.leafId)?.id ? state.olderCursor : page.nextCursor
  const shown = { ...merged, leafId, olderCursor: top?.parentId === null ? null : reached }
  if (leaf?.role !== 'user' || !leaf.run || shown.runs.has(leaf.run.runId)) return shown
  // The stream may say nothing of its run for a while, or, when that ended before, nothing at all.
  const { runId, status, error, timings } = leaf.run
  return withRun(shown, newRun(runId, { questionId: leaf.id, status, error, timings }))
}

/** The first message of a branch, as far up as it is loaded without a gap. */
function topOf({ messages }: SessionState, leafId: string | null): MessageView | null {
  const known = new Map(messages.map((message) => [message.id, message]))
  let top: MessageView | null = null
  for (let at = leafId && known.get(leafId); at; at = at.parentId === null ? null : known.get(at.parentId)) top = at
  return top
}

/** The state with a question, just accepted and about to be answered, at the end of the branch on show. */
export function appendQuestion(state: SessionState, question: MessageView): SessionState {
  return { ...mergeMessages(state, [{ ...question, parentId: endOf(state) }]), leafId: question.id }
}

/** The message that what is asked next stands below: an answer that has just ended, though it is not loaded yet. */
export function endOf({ leafId, runs }: SessionState): string | null {
  const ended = [...runs.values()].filter((run) => run.questionId === leafId && hasEnded(run) && run.answerId !== null)
  return ended.reduce((newest, run) => (run.runId > newest.runId ? run : newest), { runId: '', answerId: leafId })
    .answerId
}

/** The state without a message and all that hangs on it. The branch on show is to be chosen anew. */
export function withoutMessage(state: SessionState, messageId: string): SessionState {
  const gone = subtreeOf(state.messages, messageId)
  const messages = state.messages.filter(({ id }) => !gone.has(id)).map((message) => withoutSibling(message, messageId))
  const runs = new Map([...state.runs].filter(([, { questionId }]) => questionId === null || !gone.has(questionId)))
  return { ...state, messages, runs }
}

function subtreeOf(messages: readonly MessageView[], rootId: string): ReadonlySet<string> {
  const below = Map.groupBy(messages, ({ parentId }) => parentId)
  const found = new Set([rootId])
  // A set that grows while it is gone through: what is added is come to as well.
  for (const id of found) for (const child of below.get(id) ?? []) found.add(child.id)
  return found
}

function withoutSibling(message: MessageView, goneId: string): MessageView {
  if (!message.siblings?.ids.includes(goneId)) return message
  const ids = message.siblings.ids.filter((id) => id !== goneId)
  const { siblings: _, ...alone } = message
  return ids.length < 2 ? alone : { ...message, siblings: { ids, index: ids.indexOf(message.id) } }
}
