import { z } from 'zod'

const MIN_CHARS = 32
const MAX_CHARS = 1024
/** Random text of 32 hexadecimal digits has about 110 bits by this measure, a sentence or a keyboard row far fewer. */
const MIN_BITS = 80
/** Words of examples. Each is too long to stand in random text by chance. */
const EXAMPLE_WORDS =
  /change.?me|replace.?(me|this)|secret|example|password|default|insecure|placeholder|your.?(key|token)|letmein|askwire|qwerty|set.it.in|openssl/i

/**
 * A secret as a process reads it from its environment: long enough, no example, no pattern. Messages never hold the value. A process
 * whose secret is none must not start, whatever NODE_ENV says.
 */
export const secretSetting = z
  .string({ error: 'must be set; make one with: openssl rand -hex 32' })
  .superRefine((secret, context) => {
    const problem = problemOf(secret)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

function problemOf(secret: string): string | undefined {
  if (secret.length < MIN_CHARS) return `must have at least ${MIN_CHARS} characters`
  if (secret.length > MAX_CHARS) return `must have at most ${MAX_CHARS} characters`
  if (EXAMPLE_WORDS.test(secret)) return 'looks like an example; make one with: openssl rand -hex 32'
  if (bitsOf(secret) < MIN_BITS || isRepeated(secret) || isSequence(secret)) {
    return 'is too easy to guess; make one with: openssl rand -hex 32'
  }
  return undefined
}

/** Shannon's measure over the characters: what a text of these characters could hold at most. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length)
  return bits
}

/** The same part over and over, the last one perhaps cut. */
function isRepeated(text: string): boolean {
  for (let size = 1; size <= text.length / 2; size += 1) {
    if (text.startsWith(text.slice(size))) return true
  }
  return false
}

/** Two thirds neighbours in the alphabet, as in abcdef… or 987654…. Of random hexadecimal digits half are so in three of a million. */
function isSequence(text: string): boolean {
  let steps = 0
  for (let at = 1; at < text.length; at += 1) {
    if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) <= 1) steps += 1
  }
  return steps * 3 > text.length * 2
}
