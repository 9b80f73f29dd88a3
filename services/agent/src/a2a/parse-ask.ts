import type { Message, SendMessageRequest } from '@a2a-js/sdk'
import { RequestMalformedError, UnsupportedOperationError } from '@a2a-js/sdk/errors'
import { type AgentRequest, agentRequest } from '@askwire/contracts'

/** A question as the worker asks it: the text for a person, the facts for us. */
export type Ask = { question: string; request: AgentRequest; message: Message }

const MAX_QUESTION_CHARS = 100_000

/**
 * Reads an A2A message: its text parts are the question, its data part is an `AgentRequest`. The message kept for the task's
 * history holds the question alone. Throws `RequestMalformedError` naming the fields, never their values.
 */
export function parseAsk({ message }: SendMessageRequest): Ask {
  if (!message?.messageId) throw new RequestMalformedError('message.messageId is required')
  if (message.taskId)
    throw new UnsupportedOperationError('A task answers one question; send a new message without taskId.')
  const texts = message.parts.filter((part) => part.content?.$case === 'text')
  const question = texts.map((part) => String(part.content?.value ?? '')).join('\n')
  if (question.trim() === '')
    throw new RequestMalformedError('message.parts: a text part with the question is required')
  if (question.length > MAX_QUESTION_CHARS)
    throw new RequestMalformedError(`message.parts: the question is longer than ${MAX_QUESTION_CHARS} characters`)
  const data = message.parts.find((part) => part.content?.$case === 'data')?.content?.value
  const parsed = agentRequest.safeParse(data)
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => `${['data', ...issue.path].join('.')}: ${issue.message}`)
    throw new RequestMalformedError(`message.parts: ${fields.slice(0, 10).join('; ')}`)
  }
  const request = parsed.data
  if (message.contextId && message.contextId.toLowerCase() !== request.sessionId)
    throw new RequestMalformedError('message.contextId must be the sessionId of the data part')
  return { question, request, message: { ...message, parts: texts } }
}
