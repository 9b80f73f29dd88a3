import { AppError, estimateUsage } from '@askwire/contracts'
import { type Clock, systemClock } from '@askwire/runtime'
import type { ChatModel, Passage } from '../ports.ts'
import { chooseSentences } from './choose-sentences.ts'
import { phrasesFor } from './offline-phrases.ts'

export type OfflineChatModelOptions = {
  /** Pace of the stream; 0: without a pause. Absent: whatever makes an answer take about a second and a half. */
  wordsPerSecond?: number
  clock?: Pick<Clock, 'sleep'>
}

const USUAL_ANSWER_MS = 1_500
const LONGEST_PAUSE_MS = 40
/** What is sent at a time: a word with the space after it, or two Chinese characters with their punctuation. */
const PIECE =
  /\s+|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]{1,2}[^\s\p{L}\p{N}[]*\s*|[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+\s*/gu

/**
 * Answers without a model, a key or a network: the sentences of the retrieved passages that fit the question best, each
 * followed by its `[n]`, or plainly that there are none. Says in its last line what it is. English and Chinese.
 */
export function createOfflineChatModel(options: OfflineChatModelOptions = {}): ChatModel {
  const { clock = systemClock } = options
  return {
    name: 'offline',
    async *stream({ question, passages, messages, signal }) {
      const text = answerFrom(question, passages)
      const pieces = text.match(PIECE) ?? []
      const pauseMs = pauseBetween(pieces.length, options.wordsPerSecond)
      for (const delta of pieces) {
        throwIfStopped(signal)
        yield { kind: 'text', delta }
        if (pauseMs > 0) await clock.sleep(pauseMs, signal).catch(() => throwIfStopped(signal))
      }
      throwIfStopped(signal)
      yield { kind: 'end', usage: estimateUsage(messages, { text }), finishReason: 'stop' }
    },
  }
}

function answerFrom(question: string, passages: readonly Passage[]): string {
  const phrases = phrasesFor(question)
  const quotes = chooseSentences(question, passages)
  if (quotes.length === 0) return `${phrases.nothingFound}\n\n${phrases.label}`
  let answer = ''
  let last: number | undefined
  for (const { n, text } of quotes) {
    if (last !== undefined) answer += last === n ? phrases.betweenQuotes : '\n\n'
    // A document's own `[7]` would read as a citation of ours.
    answer += `${text.replace(/\[(\d+)\]/g, '($1)')} [${n}]`
    last = n
  }
  return `${answer}\n\n${phrases.label}`
}

function pauseBetween(pieces: number, wordsPerSecond: number | undefined): number {
  if (wordsPerSecond === 0) return 0
  if (wordsPerSecond !== undefined) return 1000 / wordsPerSecond
  return Math.min(LONGEST_PAUSE_MS, USUAL_ANSWER_MS / Math.max(1, pieces))
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'The answer was stopped.')
}
