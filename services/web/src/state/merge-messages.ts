import type { MessageView } from '@askwire/contracts'
import type { SessionState } from './session-state.ts'

/** The state with stored messages put in, by id: a newer copy replaces an older one. Ids sort by time. */
export function mergeMessages(state: SessionState, stored: readonly MessageView[]): SessionState {
  if (stored.length === 0) return state
  const byId = new Map(state.messages.map((message) => [message.id, message]))
  for (const message of stored) byId.set(message.id, message)
  const messages = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return { ...state, messages }
}
