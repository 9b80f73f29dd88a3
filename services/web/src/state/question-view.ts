import type { MessageView } from '@askwire/contracts'

type AcceptedQuestion = Pick<MessageView, 'id' | 'sessionId' | 'runId' | 'parentId' | 'content'>

/** A question just accepted, as it is stored. */
export function questionView(question: AcceptedQuestion): MessageView {
  return {
    ...question,
    role: 'user',
    partial: false,
    model: null,
    resources: [],
    usage: null,
    finishReason: null,
    createdAt: new Date().toISOString(),
  }
}
