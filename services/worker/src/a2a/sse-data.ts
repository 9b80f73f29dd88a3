import { AppError } from '@askwire/contracts'

/** Longest event an agent may send; a longer one is a failure, not a reason to hold it all. */
const MAX_EVENT_CHARS = 8_388_608

/**
 * Cuts a byte stream of server-sent events into the texts of their `data` fields. `push` returns what became complete.
 * Throws `agent_failed` when one event is longer than 8 Mi characters.
 */
export function createSseDataReader(): { push(chunk: Buffer): string[] } {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string | undefined

  const takeLine = (line: string, complete: string[]): void => {
    if (line === '') {
      if (data !== undefined) complete.push(data)
      data = undefined
    } else if (line.startsWith('data:')) {
      const value = line.startsWith('data: ') ? line.slice(6) : line.slice(5)
      data = data === undefined ? value : `${data}\n${value}`
    }
  }

  return {
    push: (chunk) => {
      const text = rest + decoder.decode(chunk, { stream: true })
      const complete: string[] = []
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        takeLine(text[end - 1] === '\r' ? text.slice(start, end - 1) : text.slice(start, end), complete)
        start = end + 1
      }
      rest = text.slice(start)
      if (rest.length + (data?.length ?? 0) > MAX_EVENT_CHARS)
        throw new AppError('agent_failed', 'The agent sent too much at once.')
      return complete
    },
  }
}
