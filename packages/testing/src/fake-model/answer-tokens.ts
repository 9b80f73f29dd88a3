import { hash } from 'node:crypto'
import type { FakeBehaviour } from './behaviour.ts'
import { findRunKey, nextLink } from './hash-chain.ts'
import type { FakeMessage } from './request-log.ts'

const ECHO_CHARACTERS = 40

/** The texts of an answer's tokens, made one at a time: thousands of streams must not hold them all. */
export function* answerTokens(behaviour: FakeBehaviour, messages: readonly FakeMessage[]): Generator<string, void> {
  switch (behaviour.answer) {
    case 'words':
      for (let index = 0; index < behaviour.count; index += 1) yield behaviour.text
      return
    case 'echo': {
      const text = JSON.stringify(messages)
      for (let start = 0; start < text.length; start += ECHO_CHARACTERS)
        yield text.slice(start, start + ECHO_CHARACTERS)
      return
    }
    case 'chain': {
      const question = messages.findLast((message) => message.role === 'user')?.content ?? ''
      let digest = hash('sha256', findRunKey(question) ?? 'no run key')
      for (let index = 0; index < behaviour.count; index += 1) {
        digest = nextLink(digest, index)
        yield `${digest.slice(0, 8)} `
      }
      return
    }
    case 'stamp': {
      let last = 0
      for (let index = 0; index < behaviour.count; index += 1) {
        // Strictly rising, so that a reader can tell a token it has seen from a new one.
        last = Math.max(last + 1, Number(process.hrtime.bigint() / 1000n))
        yield `~${last} `
      }
      return
    }
    default:
      behaviour.answer satisfies never
  }
}
