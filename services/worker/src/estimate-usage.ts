import type { Usage } from '@askwire/contracts'

/** Mean characters of a model token in English prose; other scripts need fewer, so this errs towards too few tokens for them. */
const CHARS_PER_TOKEN = 4

/** Usage of an answer that was cut off before its model said: an estimate, marked as one, never 0. */
export function estimateUsage(inputChars: number, outputChars: number): Usage {
  const inputTokens = Math.max(1, Math.ceil(inputChars / CHARS_PER_TOKEN))
  const outputTokens = Math.ceil(outputChars / CHARS_PER_TOKEN)
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    reasoningTokens: 0,
    cachedTokens: 0,
    estimated: true,
    costMicros: 0,
    currency: 'USD',
  }
}
