/** Longer ones are shown as they were written: what draws them would keep the page waiting. */
export const MAX_FORMULA_LENGTH = 5_000

/** Signs that no price and no escaped bracket has. */
const MATHEMATICAL = /[\\^_={}<>+*|]/
const WORDS = /\p{L}{2,}\s|\s\p{L}{2,}|\p{Ll}{3,}|\p{L}{5,}|\p{Script=Han}/u

/**
 * Whether what stands between two signs of mathematics is meant as mathematics. Between dollars `x`, `2n` and `a - b` are, but not
 * `5 and`; between `\(` and `\)` not a mere number, and between `\[` and `\]` only what no text has: both are how brackets are escaped.
 */
export function isFormula(text: string, within: '$' | '(' | '['): boolean {
  const inner = text.trim()
  if (inner === '' || text.length > MAX_FORMULA_LENGTH) return false
  if (MATHEMATICAL.test(inner)) return true
  if (within === '[' || (within === '(' && /^[\d\s.,]+$/.test(inner))) return false
  return !WORDS.test(inner)
}
