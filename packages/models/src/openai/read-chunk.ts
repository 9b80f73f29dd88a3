import type { FinishReason } from '@askwire/contracts'

export type ProviderUsage = {
  inputTokens: number
  outputTokens: number
  reasoningTokens: number
  cachedTokens: number
}

/** What one chunk of a stream said; most say one of these. */
export type Chunk = {
  text: string
  reasoning: string
  finish: FinishReason | undefined
  usage: ProviderUsage | undefined
}

type Wire = Record<string, unknown>

/**
 * Reads a chunk of a chat completion stream. Providers differ, so every field may be missing or of another type: then it
 * says nothing. Reasoning comes as `reasoning_content` (DeepSeek, vLLM) or `reasoning` (OpenRouter).
 */
export function readChunk(data: unknown): Chunk {
  const chunk = asObject(data)
  const choice = Array.isArray(chunk.choices) ? asObject(chunk.choices[0]) : {}
  const delta = asObject(choice.delta)
  return {
    text: asText(delta.content),
    reasoning: asText(delta.reasoning_content) || asText(delta.reasoning),
    finish: readFinish(choice.finish_reason),
    usage: readUsage(chunk.usage),
  }
}

function readFinish(reason: unknown): FinishReason | undefined {
  if (typeof reason !== 'string' || reason === '') return undefined
  switch (reason) {
    case 'length':
    case 'max_tokens':
      return 'length'
    case 'content_filter':
    case 'safety':
      return 'content_filter'
    case 'error':
      return 'error'
    default:
      // `stop`, and the many names servers have for it: `eos`, `end_turn`, `tool_calls` though no tool was offered.
      return 'stop'
  }
}

/** Usage of a chunk, or of an embeddings response. Absent when there is no count of tokens in it. */
function readUsage(data: unknown): ProviderUsage | undefined {
  const usage = asObject(data)
  if (!isCount(usage.prompt_tokens) || !isCount(usage.completion_tokens)) return undefined
  const reasoning = asObject(usage.completion_tokens_details).reasoning_tokens
  const cached = asObject(usage.prompt_tokens_details).cached_tokens
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    reasoningTokens: isCount(reasoning) ? reasoning : 0,
    cachedTokens: isCount(cached) ? cached : 0,
  }
}

function asObject(value: unknown): Wire {
  return typeof value === 'object' && value !== null ? (value as Wire) : {}
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
