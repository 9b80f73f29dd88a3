import type { AnswerEvent, MessageView, QueuedQuestion, Usage } from '@askwire/contracts'
import type { StreamEvent } from '../api/stream-event.ts'

/** Events of one attempt of one run, numbered as the gateway numbers them. For tests. */
export function eventsOf(runId: string, events: AnswerEvent[], at: { ordinal?: number; attempt?: number } = {}) {
  const { ordinal = 1, attempt = 1 } = at
  return events.map(
    (event, index): StreamEvent => ({
      ...event,
      id: `${ordinal}-${attempt * 1_000_000 + index + 1}`,
      runId,
      attempt,
      at: '2026-01-01T00:00:00.000Z',
    }),
  )
}

export const USAGE: Usage = {
  inputTokens: 1,
  outputTokens: 2,
  totalTokens: 3,
  reasoningTokens: 0,
  cachedTokens: 0,
  estimated: true,
  costMicros: 0,
  currency: 'USD',
}

export const TIMINGS = { queuedMs: 1, firstTokenMs: 2, totalMs: 3 }

export const started = (questionId = 'q1'): AnswerEvent => ({ event: 'workflow_started', questionId, model: 'offline' })
export const say = (delta: string): AnswerEvent => ({ event: 'message', delta })
export const ended = (status: 'succeeded' | 'failed' | 'cancelled' = 'succeeded'): AnswerEvent => ({
  event: 'workflow_finished',
  status,
  timings: TIMINGS,
})
export const stored = (answerId: string, text: number): AnswerEvent => ({
  event: 'message_end',
  answerId,
  text,
  usage: USAGE,
  finishReason: 'stop',
  resources: [],
})

/** A stored message; questions are named `q…`, answers `a…`. */
export function message(
  id: string,
  runId: string | null,
  content: string,
  change: Partial<MessageView> = {},
): MessageView {
  return {
    id,
    sessionId: 's',
    parentId: null,
    runId,
    role: id.startsWith('q') ? 'user' : 'assistant',
    content,
    partial: false,
    model: null,
    resources: [],
    usage: null,
    finishReason: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...change,
  }
}

/** A question that waits. */
export function queued(runId: string, change: Partial<QueuedQuestion> = {}): QueuedQuestion {
  const createdAt = '2026-01-01T00:00:00.000Z'
  return { runId, questionId: `q-${runId}`, message: `${runId}?`, kind: 'ask', status: 'waiting', createdAt, ...change }
}
