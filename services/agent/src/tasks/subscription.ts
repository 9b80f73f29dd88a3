import type { StreamResponse } from '@a2a-js/sdk'
import { AppError } from '@askwire/contracts'
import { MAX_SUBSCRIBER_CHARS } from '../limits.ts'
import { nextTurn } from './next-turn.ts'
import { type TaskIds, type TextArtifact, textUpdate } from './wire.ts'

/** A piece of text, or any other event. `append` is false for the piece that makes its artifact. */
export type StreamItem = { event: StreamResponse } | { artifact: TextArtifact; text: string; append: boolean }

/** Events other than text wait so long for what follows: an answer begins with several, each of which would travel the whole way alone. */
const LINGER_MS = 5

/**
 * One reader of a task's events. What comes while the reader is busy is gathered: adjacent text of one artifact becomes one
 * event, and what comes within one turn of the event loop leaves together; what is not text waits 5 ms for more, or for text
 * or the end, which wait for nothing. More than 1 Mi characters behind, the reader is dropped: `take` throws `overloaded`.
 */
export class Subscription implements AsyncIterable<StreamResponse> {
  readonly ids: TaskIds
  readonly #signal: AbortSignal | undefined
  readonly #onClose: (subscription: Subscription) => void
  #items: StreamItem[] = []
  #chars = 0
  #ended = false
  #dropped = false
  #wake: (() => void) | undefined
  #linger: NodeJS.Timeout | undefined
  /** Nothing more is waited for. */
  #due = false

  constructor(ids: TaskIds, onClose: (subscription: Subscription) => void, signal?: AbortSignal) {
    this.ids = ids
    this.#signal = signal
    this.#onClose = onClose
    signal?.addEventListener('abort', this.#leave, { once: true })
  }

  text(artifact: TextArtifact, text: string, append: boolean): void {
    if (!this.#hasRoom(text.length)) return
    const last = this.#items.at(-1)
    if (last && 'artifact' in last && last.artifact === artifact) last.text += text
    else this.#items.push({ artifact, text, append })
    this.#hurry()
  }

  push(event: StreamResponse, chars = 0): void {
    if (!this.#hasRoom(chars)) return
    this.#items.push({ event })
    if (!this.#due) this.#linger ??= setTimeout(() => this.#hurry(), LINGER_MS)
  }

  /** The reader gets what is left and then the end. */
  end(): void {
    this.#ended = true
    this.#hurry()
  }

  /**
   * All that has gathered; when there is nothing yet, in the turn after it is due. `undefined` at the end, and when the
   * reader's signal is aborted. Whoever takes MUST `close` when it is done.
   */
  async take(): Promise<readonly StreamItem[] | undefined> {
    for (;;) {
      if (this.#signal?.aborted) return undefined
      if (this.#dropped) throw new AppError('overloaded', 'The subscriber reads too slowly.')
      if (this.#ended && this.#items.length === 0) return undefined
      if (this.#due && this.#items.length > 0) return this.#takeAll()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
      await nextTurn()
    }
  }

  /** The reader has left. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#leave)
    clearTimeout(this.#linger)
    this.#onClose(this)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamResponse, void, undefined> {
    try {
      for (let items = await this.take(); items; items = await this.take()) {
        for (const item of items) yield 'event' in item ? item.event : textUpdate(this.ids, item)
      }
    } finally {
      this.close()
    }
  }

  readonly #leave = (): void => this.#wake?.()

  #hurry(): void {
    this.#due = true
    this.#wake?.()
  }

  #takeAll(): readonly StreamItem[] {
    const items = this.#items
    this.#items = []
    this.#chars = 0
    this.#due = this.#ended
    clearTimeout(this.#linger)
    this.#linger = undefined
    return items
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
