import type { Usage } from './usage.ts'

const WIDE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/gu
const NARROW_CHARACTERS_PER_TOKEN = 4
/** Role and separators of a message, as chat templates add them. */
const TOKENS_PER_MESSAGE = 4

/** About how many tokens a text has: one per Chinese, Japanese or Korean character, one per four others. */
function estimateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0
  return wide + Math.ceil((text.length - wide) / NARROW_CHARACTERS_PER_TOKEN)
}

/** What an answer probably used, when no one says, or when it was cut off before its model did. Free of charge: a price needs a count. */
export function estimateUsage(
  messages: readonly { content: string }[],
  answer: { text: string; reasoning?: string },
): Usage {
  const inputTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_MESSAGE, 0)
  const reasoningTokens = estimateTokens(answer.reasoning ?? '')
  const outputTokens = estimateTokens(answer.text) + reasoningTokens
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    reasoningTokens,
    cachedTokens: 0,
    estimated: true,
    costMicros: 0,
    currency: 'USD',
  }
}
