export type BackoffOptions = { firstMs: number; maxMs: number }

/**
 * Delay before try `attempt` (from 1): exponential with full jitter, so that many clients of one failed server do not
 * come back together. Between half and all of `firstMs · 2^(attempt-1)`, at most `maxMs`.
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: () => number = Math.random): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(ceiling * (0.5 + random() / 2))
}
