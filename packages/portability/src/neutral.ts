import {
  type PortableConversation,
  type PortableMessage,
  type Reason,
  type ReasonCode,
  type ReasonParams,
  toReason,
} from '@askwire/contracts'

/** Where a conversation comes from; with its own id there it makes the key that a repeated import is known by. */
export const FORMATS = ['chatgpt', 'claude', 'librechat', 'open-webui', 'askwire'] as const
export type Format = (typeof FORMATS)[number]

/** One message; its id means nothing outside its conversation. */
export type NeutralMessage = PortableMessage<Date>

/** A conversation, whatever it came from. No message is older than its parent. */
export type NeutralConversation = PortableConversation<Date> & {
  format: Format
  /** Format and original id. */
  key: string
  /** The session's own id, when it comes from an Askwire. */
  originalId: string | null
}

/** Why a conversation, or a file, cannot be taken. The reason is for the person who imports: it says nothing of what is in it. */
export class Unreadable extends Error {
  readonly reason: Reason

  constructor(code: ReasonCode, params: ReasonParams = {}, options?: ErrorOptions) {
    const reason = toReason(code, params)
    super(reason.why, options)
    this.reason = reason
  }
}
