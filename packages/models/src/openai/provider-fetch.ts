/** Longest line of a stream that is read; one token's line is a few hundred bytes. */
const MAX_LINE_BYTES = 1024 * 1024
const LINE_FEED = 10

/** A provider sent a line without end: not a stream of tokens. */
export class LineTooLongError extends Error {
  constructor() {
    super(`a line of the stream is longer than ${MAX_LINE_BYTES} bytes`)
    this.name = 'LineTooLongError'
  }
}

/**
 * `fetch` for a provider. The body of a refusal is thrown away unread, so that none of its text can reach an error or a log;
 * a stream with an overlong line fails before it fills the memory; without a key no `Authorization` is sent.
 */
export function createProviderFetch(options: { hasKey: boolean; signal?: AbortSignal }): typeof fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers)
    if (!options.hasKey) headers.delete('authorization')
    const signals = [init?.signal, options.signal].filter((signal) => signal instanceof AbortSignal)
    const response = await fetch(url, { ...init, headers, signal: AbortSignal.any(signals) })
    if (!response.ok) {
      await response.body?.cancel()
      return new Response('{}', { status: response.status, headers: retryHeaders(response.headers) })
    }
    // An own property before the getter: a wrapped stream would cost as much again as reading the socket does.
    if (response.body) Object.defineProperty(response, 'body', { value: boundLines(response.body) })
    return response
  }
}

function boundLines(body: ReadableStream<Uint8Array>): {
  cancel(reason?: unknown): Promise<void>
  getReader(): ReadableStreamDefaultReader<Uint8Array>
} {
  return {
    cancel: (reason) => body.cancel(reason),
    getReader: () => {
      const reader = body.getReader()
      const read = reader.read.bind(reader)
      let lineBytes = 0
      reader.read = async () => {
        const result = await read()
        if (result.done) return result
        const lastBreak = result.value.lastIndexOf(LINE_FEED)
        lineBytes = lastBreak < 0 ? lineBytes + result.value.length : result.value.length - lastBreak - 1
        if (lineBytes > MAX_LINE_BYTES) throw new LineTooLongError()
        return result
      }
      return reader
    },
  }
}

function retryHeaders(headers: Headers): Headers {
  const kept = new Headers({ 'content-type': 'application/json' })
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = headers.get(name)
    if (value !== null) kept.set(name, value)
  }
  return kept
}
