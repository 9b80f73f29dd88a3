import { z } from 'zod'

/** Tokens and cost of an answer. Unknown usage is an estimate with `estimated: true`, never 0. Cost in millionths of `currency`. */
export const usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  totalTokens: z.int().nonnegative(),
  reasoningTokens: z.int().nonnegative(),
  cachedTokens: z.int().nonnegative(),
  estimated: z.boolean(),
  costMicros: z.int().nonnegative(),
  currency: z.string(),
})
export type Usage = z.infer<typeof usage>

export const FINISH_REASONS = ['stop', 'length', 'content_filter', 'cancelled', 'error'] as const
export const finishReason = z.enum(FINISH_REASONS)
export type FinishReason = (typeof FINISH_REASONS)[number]
