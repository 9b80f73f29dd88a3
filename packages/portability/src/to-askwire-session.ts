import { ARCHIVE_VERSION, type AskwireSession, askwireSession } from './askwire-session.ts'
import { Unreadable } from './neutral.ts'

/** Each round leaves out what the one before found; what is wrong inside of what is wrong takes a second one. */
const MAX_ROUNDS = 5

/**
 * A stored session as archives and pages have it. What does not fit the format is left out and named in `leftOut`, so that one field costs no
 * session. Throws `Unreadable` when that is not enough: its id, times, or the tree of its messages are not as they must be.
 */
export function toAskwireSession(session: object): AskwireSession {
  let value: unknown = { ...session, askwire: ARCHIVE_VERSION }
  const leftOut = new Set<string>()
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { data, error } = askwireSession.safeParse(value)
    if (data) return { ...data, leftOut: [...new Set([...data.leftOut, ...leftOut])].sort() }
    // A copy: what is changed may be the caller's.
    value = structuredClone(value)
    const lists = new Set<unknown[]>()
    for (const { path } of error.issues) {
      const field = leaveOut(value, path, lists)
      if (field === undefined) throw new Unreadable('malformed')
      leftOut.add(field)
    }
    // Only now: until here the places in a list are those that were complained of.
    for (const list of lists) list.splice(0, list.length, ...list.filter((one) => one !== GONE))
  }
  throw new Unreadable('malformed')
}

const OF_SESSION: ReadonlySet<PropertyKey> = new Set([
  'importKey',
  'titleSource',
  'tags',
  'folder',
  'pinned',
  'archived',
  'draft',
  'activeLeafId',
])
const OF_MESSAGE: ReadonlySet<PropertyKey> = new Set([
  'model',
  'partial',
  'usage',
  'finishReason',
  'resources',
  'attachments',
  'steps',
  'run',
  'feedback',
  'summary',
])

const GONE = Symbol('gone')

/** Takes out the field a path leads into, for which there is a default; its name, or undefined when there is none. Of a list only what is wrong in it. */
function leaveOut(
  value: unknown,
  [first = '', index, field = '', place]: readonly PropertyKey[],
  lists: Set<unknown[]>,
): string | undefined {
  if (!isRecord(value)) return undefined
  if (OF_SESSION.has(first)) {
    delete value[String(first)]
    return String(first)
  }
  const message = first === 'messages' && Array.isArray(value.messages) ? value.messages[Number(index)] : undefined
  if (!isRecord(message) || !OF_MESSAGE.has(field)) return undefined
  const name = String(field)
  const part = message[name]
  if (Array.isArray(part) && typeof place === 'number') {
    part[place] = GONE
    lists.add(part)
  } else delete message[name]
  return `messages.${name}`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
