import type { Timings } from './answer-events.ts'
import type { RunError } from './errors.ts'
import type { AnswerStep } from './http/messages.ts'
import type { Resource } from './resources.ts'
import type { TerminalState } from './run-states.ts'
import type { FinishReason, Usage } from './usage.ts'

/** What somebody thought of an answer; without a time, when the answer was given. */
export type PortableFeedback<At> = {
  rating: 'up' | 'down'
  reason: string | null
  comment: string | null
  at?: At | null | undefined
}

/** What stands for all messages of a branch up to and including the one it is kept with. */
export type PortableSummary = { content: string; model: string; messages: number }

/** How the run behind a message ended, and how long it took. */
export type PortableRun = { status: TerminalState; timings: Timings; error: RunError | null }

/** One message of a conversation that is taken away or brought in. `id` is unique in its conversation; `At` is how a time is held. */
export type PortableMessage<At> = {
  id: string
  parentId: string | null
  role: 'user' | 'assistant'
  content: string
  createdAt: At
  model: string | null
  partial: boolean
  usage: Usage | null
  finishReason: FinishReason | null
  resources: Resource[]
  attachments: { documentId: string; name: string | null }[]
  steps: AnswerStep[] | null
  /** An answer's own, or the newest of a question; null while it has not ended. */
  run: PortableRun | null
  feedback: PortableFeedback<At> | null
  summary: PortableSummary | null
}

/** A conversation with all that is taken away of it. In a list of messages parents stand before their children. */
export type PortableConversation<At> = {
  title: string | null
  titleSource: 'auto' | 'user' | null
  createdAt: At
  updatedAt: At
  tags: string[]
  folder: string | null
  pinned: boolean
  archived: boolean
  draft: string
  /** The last message of the branch that was open. */
  activeLeafId: string | null
  messages: PortableMessage<At>[]
}
