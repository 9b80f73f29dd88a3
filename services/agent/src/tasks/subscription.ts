import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StreamResponse } from '@a2a-js/sdk'
import { AppError } from '@askwire/contracts'
import { MAX_SUBSCRIBER_CHARS } from '../limits.ts'
import { type TaskIds, type TextArtifact, textUpdate } from './wire.ts'

type TextItem = { artifact: TextArtifact; text: string; append: boolean }
type Item = { event: StreamResponse } | TextItem

/**
 * One reader of a task's events. What comes while the reader is busy is gathered: adjacent text of one artifact becomes one
 * event, and what comes within one turn of the event loop leaves together. More than 1 Mi characters behind, the reader is
 * dropped: iterating throws `overloaded`.
 */
export class Subscription implements AsyncIterable<StreamResponse> {
  readonly #ids: TaskIds
  readonly #signal: AbortSignal | undefined
  readonly #onClose: (subscription: Subscription) => void
  #items: Item[] = []
  #chars = 0
  #ended = false
  #dropped = false
  #wake: (() => void) | undefined

  constructor(ids: TaskIds, onClose: (subscription: Subscription) => void, signal?: AbortSignal) {
    this.#ids = ids
    this.#signal = signal
    this.#onClose = onClose
  }

  text(artifact: TextArtifact, text: string, append: boolean): void {
    if (!this.#hasRoom(text.length)) return
    const last = this.#items.at(-1)
    if (last && 'artifact' in last && last.artifact === artifact) last.text += text
    else this.#items.push({ artifact, text, append })
    this.#wake?.()
  }

  push(event: StreamResponse, chars = 0): void {
    if (!this.#hasRoom(chars)) return
    this.#items.push({ event })
    this.#wake?.()
  }

  /** The reader gets what is left and then the end. */
  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamResponse, void, undefined> {
    const leave = (): void => this.#wake?.()
    this.#signal?.addEventListener('abort', leave, { once: true })
    try {
      for (;;) {
        if (this.#signal?.aborted) return
        if (this.#dropped) throw new AppError('overloaded', 'The subscriber reads too slowly.')
        const items = this.#items
        if (items.length === 0) {
          if (this.#ended) return
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
          this.#wake = undefined
          await nextTurn()
          continue
        }
        this.#items = []
        this.#chars = 0
        for (const item of items) yield 'event' in item ? item.event : textUpdate(this.#ids, item)
      }
    } finally {
      this.#signal?.removeEventListener('abort', leave)
      this.#onClose(this)
    }
  }

  #hasRoom(chars: number): boolean {
    if (this.#dropped || this.#ended) return false
    this.#chars += chars
    if (this.#chars <= MAX_SUBSCRIBER_CHARS) return true
    this.#dropped = true
    this.#items = []
    this.#wake?.()
    return false
  }
}
