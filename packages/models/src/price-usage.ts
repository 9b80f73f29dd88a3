import type { Usage } from '@askwire/contracts'

/** Prices in millionths of `currency` for a million tokens. Cached input costs `input` unless it has its own price. */
export type Pricing = { currency: string; input: number; output: number; cachedInput?: number }

/** The same usage with its cost, rounded up to a whole millionth of the currency. */
export function priceUsage(usage: Usage, pricing: Pricing | undefined): Usage {
  if (!pricing) return usage
  const cached = Math.min(usage.cachedTokens, usage.inputTokens)
  const millionths =
    (usage.inputTokens - cached) * pricing.input +
    cached * (pricing.cachedInput ?? pricing.input) +
    usage.outputTokens * pricing.output
  return { ...usage, costMicros: Math.ceil(millionths / 1_000_000), currency: pricing.currency }
}
