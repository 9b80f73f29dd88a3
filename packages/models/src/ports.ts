import type { FinishReason, Usage } from '@askwire/contracts'

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }

/** A retrieved piece of text the answer may cite as `[n]`. */
export type Passage = { n: number; documentName: string; heading: string | null; text: string }

export type ChatRequest = {
  /** The conversation for the model, oldest first, passages already written into it. */
  messages: readonly ChatMessage[]
  /** The same passages as data: what the offline model answers from. Other models read only `messages`. */
  passages: readonly Passage[]
  /** The user's question as condensed for retrieval. */
  question: string
  /** Overrides the model's name at the provider. */
  model?: string
  /** MUST close the provider's socket when aborted. */
  signal: AbortSignal
}

/** `end` is always last and comes once. Deltas are never empty. */
export type ChatEvent =
  | { kind: 'text'; delta: string }
  | { kind: 'reasoning'; delta: string }
  | { kind: 'end'; usage: Usage; finishReason: FinishReason }

/**
 * A chat model. `stream` throws `AppError` with a `model_*` code; it retries only before the first event, and an end of
 * the provider's stream without its end mark is a failure, never an `end`.
 */
export type ChatModel = {
  readonly name: string
  stream(request: ChatRequest): AsyncIterable<ChatEvent>
}

/** Turns texts into unit vectors. `id` names model and dimensions: vectors of different ids are never compared. */
export type Embedder = {
  readonly id: string
  readonly dimensions: number
  embed(texts: readonly string[], options: { purpose: 'query' | 'document'; signal: AbortSignal }): Promise<number[][]>
}
