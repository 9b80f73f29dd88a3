import { createHash, randomBytes } from 'node:crypto'

/** What a secret begins with, so that people and scanners know it: refresh token, API token, nothing for links. */
export type SecretPrefix = 'rt-' | 'sk-' | ''

/** Characters of an API token that may be shown, to tell it from others. */
const SHOWN_CHARS = 8

/** A new secret of 256 random bits: the prefix and 43 base64url characters. */
export function newSecret(prefix: SecretPrefix): string {
  return prefix + randomBytes(32).toString('base64url')
}

/** The full SHA-256 of a secret, which is what is stored and looked up. Fast on purpose: 256 random bits cannot be guessed. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** How a secret begins, for lists. */
export const shownPrefix = (secret: string): string => secret.slice(0, SHOWN_CHARS)

/** Whether the text has the form of an API token. */
export const isApiToken = (text: string): boolean => /^sk-[\w-]{43}$/.test(text)
