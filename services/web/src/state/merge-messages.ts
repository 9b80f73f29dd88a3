import type { MessageView } from '@askwire/contracts'
import type { SessionState } from './session-state.ts'

/** The state with stored messages put in, by id: a newer copy replaces an older one. In the order they were written. */
export function mergeMessages(state: SessionState, stored: readonly MessageView[]): SessionState {
  if (stored.length === 0) return state
  const byId = new Map(state.messages.map((message) => [message.id, message]))
  for (const message of stored) byId.set(message.id, message)
  return { ...state, messages: [...byId.values()].sort(byTime) }
}

/** Ids sort by when they were made, which for what was imported or copied is not when it was written. */
function byTime(a: MessageView, b: MessageView): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return a.id < b.id ? -1 : 1
}
