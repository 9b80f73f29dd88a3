import { answerTokens } from './answer-tokens.ts'
import type { FakeBehaviour } from './behaviour.ts'
import type { FakeRequest } from './request-log.ts'

export type ChunkEncoder = {
  readonly wantsUsage: boolean
  text(delta: string): string
  reasoning(delta: string): string
  finish(reason: string): string
  usage(usage: FakeUsage): string
}

type FakeUsage = ReturnType<typeof usageOf>

/** Makes the `data:` lines of one stream. What does not change is serialised once: the fake also feeds the benchmarks. */
export function chunkEncoder(request: FakeRequest): ChunkEncoder {
  const head = JSON.stringify({
    id: `chatcmpl-${request.id}`,
    object: 'chat.completion.chunk',
    created: Math.floor(request.openedAt / 1000),
    model: request.model,
  }).slice(0, -1)
  const options = request.body.stream_options
  const wantsUsage =
    typeof options === 'object' && options !== null && 'include_usage' in options && options.include_usage === true
  const nullUsage = wantsUsage ? ',"usage":null' : ''
  const line = (field: string, delta: string): string =>
    `data: ${head},"choices":[{"index":0,"delta":{"${field}":${JSON.stringify(delta)}},"finish_reason":null}]${nullUsage}}\n\n`
  return {
    wantsUsage,
    text: (delta) => line('content', delta),
    reasoning: (delta) => line('reasoning_content', delta),
    finish: (reason) =>
      `data: ${head},"choices":[{"index":0,"delta":{},"finish_reason":${JSON.stringify(reason)}}]${nullUsage}}\n\n`,
    usage: (usage) => `data: ${head},"choices":[],"usage":${JSON.stringify(usage)}}\n\n`,
  }
}

/** Counted as the fake counts: one token per chunk out, one per four characters in. */
export function usageOf(request: FakeRequest, behaviour: FakeBehaviour) {
  const characters = request.messages.reduce((sum, message) => sum + message.content.length, 0)
  const prompt = Math.ceil(characters / 4)
  const completion = request.tokensSent + behaviour.reasoning
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: behaviour.reasoning },
  }
}

/** The whole answer as one JSON object, for a request without `stream`. */
export function completionBody(request: FakeRequest, behaviour: FakeBehaviour): Record<string, unknown> {
  let content = ''
  for (const token of answerTokens(behaviour, request.messages)) {
    content += token
    request.tokensSent += 1
  }
  return {
    id: `chatcmpl-${request.id}`,
    object: 'chat.completion',
    created: Math.floor(request.openedAt / 1000),
    model: request.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: behaviour.finish }],
    usage: usageOf(request, behaviour),
  }
}
