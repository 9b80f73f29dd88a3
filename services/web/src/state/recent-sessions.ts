/** A session as the sidebar lists it: named after its first question. `at` is milliseconds since 1970. */
export type RecentSession = { readonly id: string; readonly title: string; readonly at: number }

const MAX_RECENT = 50
const MAX_TITLE_CHARS = 120

/** The list with this session in front; a session that is known keeps its title. */
export function rememberSession(
  list: readonly RecentSession[],
  session: { id: string; question: string; at: number },
): RecentSession[] {
  const title = list.find(({ id }) => id === session.id)?.title ?? titleOf(session.question)
  const rest = list.filter(({ id }) => id !== session.id)
  return [{ id: session.id, title, at: session.at }, ...rest].slice(0, MAX_RECENT)
}

/** The list in stored text. Anything that is not one is an empty list: the text may be of another version, or tampered with. */
export function parseRecentSessions(text: string | null): RecentSession[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isRecentSession).slice(0, MAX_RECENT) : []
  } catch {
    return []
  }
}

const titleOf = (question: string): string => question.trim().replace(/\s+/g, ' ').slice(0, MAX_TITLE_CHARS)

function isRecentSession(value: unknown): value is RecentSession {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    /^[0-9a-f-]{36}$/.test(value.id) &&
    'title' in value &&
    typeof value.title === 'string' &&
    'at' in value &&
    typeof value.at === 'number'
  )
}
