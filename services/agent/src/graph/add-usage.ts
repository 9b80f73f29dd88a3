import type { Usage } from '@askwire/contracts'

/** Both together; an estimate when either is one. */
export function addUsage(prior: Usage | undefined, usage: Usage): Usage {
  if (!prior) return usage
  return {
    inputTokens: prior.inputTokens + usage.inputTokens,
    outputTokens: prior.outputTokens + usage.outputTokens,
    totalTokens: prior.totalTokens + usage.totalTokens,
    reasoningTokens: prior.reasoningTokens + usage.reasoningTokens,
    cachedTokens: prior.cachedTokens + usage.cachedTokens,
    estimated: prior.estimated || usage.estimated,
    costMicros: prior.costMicros + usage.costMicros,
    currency: usage.currency,
  }
}
