import { z } from 'zod'
import { readAskwire } from './formats/askwire.ts'
import { readChatGpt } from './formats/chatgpt.ts'
import { readClaude } from './formats/claude.ts'
import { readLibreChat } from './formats/librechat.ts'
import { readOpenWebUi } from './formats/open-webui.ts'
import { type NeutralConversation, Unreadable } from './neutral.ts'

const READERS: [(value: object) => boolean, (value: unknown) => NeutralConversation][] = [
  [(value) => 'askwire' in value && 'messages' in value, readAskwire],
  [(value) => 'mapping' in value, readChatGpt],
  [(value) => 'chat_messages' in value, readClaude],
  [(value) => 'chat' in value, readOpenWebUi],
  [(value) => 'conversationId' in value && 'messages' in value, readLibreChat],
]

/** Whether a value looks like a conversation of any format. */
export const isConversation = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && READERS.some(([looksLike]) => looksLike(value))

/** The conversation in a JSON text; its format is told by what is in it. Throws `Unreadable`. */
export function readConversation(bytes: Buffer): NeutralConversation {
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null) throw new Unreadable('no_conversation')
  const [, read] = READERS.find(([looksLike]) => looksLike(value)) ?? []
  if (!read) throw new Unreadable('unknown_format')
  try {
    return read(value)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const field = error.issues[0]?.path.slice(0, 6).map(fieldName).join('.')
    throw field ? new Unreadable('malformed_field', { field }) : new Unreadable('malformed')
  }
}

/** The names of fields are the format's; keys of a map are somebody's data and are not repeated. */
const fieldName = (key: PropertyKey): string =>
  typeof key === 'number' ? '[]' : /^[a-z_]{1,40}$/i.test(String(key)) ? String(key) : '*'

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new Unreadable('malformed_json')
  }
}
