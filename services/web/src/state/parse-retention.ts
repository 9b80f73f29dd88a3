/** As the contract has it; its module can not be loaded by a browser. */
export const MAX_RETENTION_DAYS = 36_500

/** Days of what was typed: null for nothing, which keeps sessions; undefined for what is no number of days. */
export function parseRetention(text: string): number | null | undefined {
  const typed = text.trim()
  if (typed === '') return null
  const days = /^\d{1,5}$/.test(typed) ? Number(typed) : 0
  return days >= 1 && days <= MAX_RETENTION_DAYS ? days : undefined
}
