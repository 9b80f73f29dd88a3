import type { FinishReason } from '@askwire/contracts'
import type { ChatEvent } from '../ports.ts'
import { type ProviderUsage, readChunk } from './read-chunk.ts'

/** What a provider's stream has said so far. */
export type HeardAnswer = {
  text: string
  reasoning: string
  finish: FinishReason | undefined
  usage: ProviderUsage | undefined
}

/** Takes payloads of the stream into `answer`. Returns their deltas, and what was wrong with the payload after them, if any. */
export function hearPayloads(
  answer: HeardAnswer,
  payloads: readonly string[],
): { deltas: ChatEvent[]; failure: unknown } {
  const deltas: ChatEvent[] = []
  try {
    for (const payload of payloads) {
      const data: unknown = JSON.parse(payload)
      if (saysError(data)) throw new Error('the provider sent an error')
      const chunk = readChunk(data)
      if (chunk.reasoning !== '') {
        answer.reasoning += chunk.reasoning
        deltas.push({ kind: 'reasoning', delta: chunk.reasoning })
      }
      if (chunk.text !== '') {
        answer.text += chunk.text
        deltas.push({ kind: 'text', delta: chunk.text })
      }
      answer.finish ??= chunk.finish
      answer.usage = chunk.usage ?? answer.usage
    }
    return { deltas, failure: undefined }
  } catch (failure) {
    return { deltas, failure }
  }
}

function saysError(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'error' in data && Boolean(data.error)
}
