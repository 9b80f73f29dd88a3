import type { FinishReason, Resource, Usage } from '@askwire/contracts'

/** Where a conversation comes from; with its own id there it makes the key that a repeated import is known by. */
export const FORMATS = ['chatgpt', 'claude', 'librechat', 'open-webui', 'askwire'] as const
export type Format = (typeof FORMATS)[number]

/** What somebody thought of an answer. */
export type NeutralFeedback = { rating: 'up' | 'down'; reason: string | null; comment: string | null }

/** One message. `id` is unique in its conversation and means nothing outside it. */
export type NeutralMessage = {
  id: string
  parentId: string | null
  role: 'user' | 'assistant'
  content: string
  createdAt: Date
  model: string | null
  feedback: NeutralFeedback | null
  partial: boolean
  usage: Usage | null
  finishReason: FinishReason | null
  resources: Resource[]
}

/** A conversation, whatever it came from. Parents stand before their children, and no message is older than its parent. */
export type NeutralConversation = {
  format: Format
  /** Format and original id. */
  key: string
  /** The session's own id, when it comes from an Askwire. */
  originalId: string | null
  title: string | null
  titleSource: 'auto' | 'user' | null
  createdAt: Date
  updatedAt: Date
  tags: string[]
  folder: string | null
  pinned: boolean
  archived: boolean
  draft: string
  /** The last message of the branch that was open. */
  activeLeafId: string | null
  messages: NeutralMessage[]
}

/** Why a conversation cannot be taken. The message is for the person who imports: it says nothing of what is in it. */
export class Unreadable extends Error {}
