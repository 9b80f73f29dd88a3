import { type ClientRequest, request } from 'node:http'

export type SseFrame = { id: string | null; event: string; data: Record<string, unknown> }
export type StreamEnd = 'end' | 'cut' | 'client'

export type EventStream = {
  /** Resolves with the status once the headers are there; rejects when none come. */
  readonly opened: Promise<number>
  /** How the connection ended. */
  readonly closed: Promise<StreamEnd>
  close(): void
}

/** Opens one connection to an event stream and hands over each event as it comes. */
export function openEventStream(
  url: string,
  options: {
    lastEventId?: string | undefined
    headers?: Record<string, string>
    onFrame: (frame: SseFrame) => void
    openTimeoutMs?: number
  },
): EventStream {
  const opened = Promise.withResolvers<number>()
  const closed = Promise.withResolvers<StreamEnd>()
  opened.promise.catch(() => {})
  let ours = false
  const lastEventId = options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }
  const sent: ClientRequest = request(url, {
    agent: false,
    headers: { accept: 'text/event-stream', ...options.headers, ...lastEventId },
  })
  const late = setTimeout(() => sent.destroy(new Error('no response headers in time')), options.openTimeoutMs ?? 10_000)
  const finish = (end: StreamEnd): void => {
    clearTimeout(late)
    closed.resolve(ours ? 'client' : end)
  }
  sent.on('error', (error) => {
    opened.reject(error)
    finish('cut')
  })
  sent.on('response', (response) => {
    clearTimeout(late)
    opened.resolve(response.statusCode ?? 0)
    const parse = createFrameParser(options.onFrame)
    response.setEncoding('utf8')
    response.on('data', parse)
    response.on('error', () => finish('cut'))
    response.on('end', () => finish('end'))
    response.on('close', () => finish('cut'))
  })
  sent.end()
  return {
    opened: opened.promise,
    closed: closed.promise,
    close: () => {
      ours = true
      sent.destroy()
    },
  }
}

/** Frames out of text in pieces. A frame that a cut connection left unfinished is thrown away, as browsers do. */
function createFrameParser(onFrame: (frame: SseFrame) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const fields = new Map(
        frame.split('\n').map((line) => {
          const colon = line.indexOf(': ')
          return [line.slice(0, colon), line.slice(colon + 2)] as const
        }),
      )
      const data = fields.get('data')
      if (data === undefined) continue
      onFrame({ id: fields.get('id') ?? null, event: fields.get('event') ?? '', data: JSON.parse(data) })
    }
  }
}
