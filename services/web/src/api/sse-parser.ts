/** One event of a stream, as far as its frame says: `data` is still text. */
export type SseFrame = { id: string | undefined; event: string; data: string }

export type SseParser = {
  /** Takes the next piece of the stream, however it is cut, and returns the events it completes. */
  push(text: string): SseFrame[]
  /** The last `retry:` the server sent, in milliseconds. */
  readonly retryMs: number | undefined
}

/** A frame longer than this is no event of ours. */
const MAX_BUFFERED_CHARS = 8_388_608

/** Parses `text/event-stream` (WHATWG HTML §9.2.6). Throws when a line outgrows the bound. */
export function createSseParser(): SseParser {
  let rest = ''
  let retryMs: number | undefined
  let id: string | undefined
  let event = ''
  let data: string[] = []

  const field = (line: string): void => {
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'id' && !value.includes('\u0000')) id = value
    else if (name === 'event') event = value
    else if (name === 'data') data.push(value)
    else if (name === 'retry' && /^\d+$/.test(value)) retryMs = Number(value)
  }

  return {
    get retryMs() {
      return retryMs
    },
    push: (text) => {
      const frames: SseFrame[] = []
      rest += text
      // A CR at the very end may be half of a CRLF: it waits for the next piece.
      const held = rest.endsWith('\r') ? 1 : 0
      const lines = rest.slice(0, rest.length - held).split(/\r\n|\n|\r/)
      rest = (lines.pop() ?? '') + (held ? '\r' : '')
      if (rest.length > MAX_BUFFERED_CHARS) throw new RangeError('an event of the stream is too long')
      for (const line of lines) {
        if (line !== '') {
          field(line)
          continue
        }
        if (data.length > 0) frames.push({ id, event: event || 'message', data: data.join('\n') })
        id = undefined
        event = ''
        data = []
      }
      return frames
    },
  }
}
