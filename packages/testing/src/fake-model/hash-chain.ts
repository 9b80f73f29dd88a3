import { hash } from 'node:crypto'

const KEY = /\brun:([\w.-]+)/g

/**
 * The tokens the fake answers with in `chain` mode: each the first 8 hex digits of SHA-256 over the digest before it and
 * its number, from the key. Any token of another run, lost, doubled or swapped, is visible to whoever knows the key.
 */
export function hashChain(key: string, count: number): string[] {
  const tokens: string[] = []
  let digest = hash('sha256', key)
  for (let index = 0; index < count; index += 1) {
    digest = nextLink(digest, index)
    tokens.push(digest.slice(0, 8))
  }
  return tokens
}

/** One step of the chain, for a stream that makes its tokens as it goes. */
export function nextLink(digest: string, index: number): string {
  return hash('sha256', `${digest}:${index}`)
}

/** The last `run:<key>` in a text: the question follows whatever history and passages stand before it. */
export function findRunKey(text: string): string | undefined {
  return [...text.matchAll(KEY)].at(-1)?.[1]
}
