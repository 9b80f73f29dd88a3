/** Longest line of a stream that is read; one token's line is a few hundred bytes. */
const MAX_LINE_BYTES = 1024 * 1024
const LINE_FEED = 10

/** A provider sent a line, or an event, without end: not a stream of tokens. */
export class LineTooLongError extends Error {
  constructor() {
    super(`a line of the stream is longer than ${MAX_LINE_BYTES} bytes`)
    this.name = 'LineTooLongError'
  }
}

/**
 * Cuts a byte stream of server-sent events into the texts of their `data` fields. `push` adds what became complete to `into`.
 * Throws `LineTooLongError` past 1 MiB. Cut at line feeds, a UTF-8 text needs no decoder that remembers.
 */
export function createEventPayloads(): { push(chunk: Buffer, into: string[]): void } {
  let rest: Buffer[] = []
  let restBytes = 0
  let data: string | undefined

  const takeLine = (line: string, into: string[]): void => {
    if (line === '') {
      if (data !== undefined) into.push(data)
      data = undefined
    } else if (line.startsWith('data:')) {
      const value = line.charCodeAt(5) === 32 ? line.slice(6) : line.slice(5)
      data = data === undefined ? value : `${data}\n${value}`
    }
  }

  return {
    push: (chunk, into) => {
      const end = chunk.lastIndexOf(LINE_FEED) + 1
      if (end > 0) {
        const text = rest.length === 0 ? chunk.toString('utf8', 0, end) : joined(rest, chunk.subarray(0, end))
        rest = []
        restBytes = 0
        let start = 0
        for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
          takeLine(text.slice(start, text.charCodeAt(at - 1) === 13 ? at - 1 : at), into)
          start = at + 1
        }
      }
      if (end < chunk.length) {
        rest.push(chunk.subarray(end))
        restBytes += chunk.length - end
      }
      if (restBytes + (data?.length ?? 0) > MAX_LINE_BYTES) throw new LineTooLongError()
    },
  }
}

const joined = (rest: readonly Buffer[], last: Buffer): string => Buffer.concat([...rest, last]).toString('utf8')
