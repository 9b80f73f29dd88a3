import type { MessageView } from '@askwire/contracts'

/** A question just accepted, as it is stored. */
export function questionView(sessionId: string, id: string, runId: string, content: string): MessageView {
  return {
    id,
    sessionId,
    runId,
    content,
    parentId: null,
    role: 'user',
    partial: false,
    model: null,
    resources: [],
    usage: null,
    finishReason: null,
    createdAt: new Date().toISOString(),
  }
}
