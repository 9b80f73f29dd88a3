import type { Accepted, MessageView, Page, RunView } from '@askwire/contracts'
import { waitFor } from '@askwire/testing'
import { withSignIn } from './sign-ins.ts'

/** An event as a client sees it. */
export type SeenEvent = { id: string; event: string; data: Record<string, unknown> }

export type Answer<T> = { status: number; headers: Headers; body: T }

/** Sends a request and reads its JSON body, if it has one. */
export async function call<T>(url: string, init: RequestInit & { json?: unknown } = {}): Promise<Answer<T>> {
  const { json, ...rest } = init
  const withBody =
    json === undefined
      ? rest
      : {
          ...rest,
          method: rest.method ?? 'POST',
          body: JSON.stringify(json),
          headers: { 'content-type': 'application/json', ...(rest.headers as Record<string, string> | undefined) },
        }
  const headers = withSignIn(url, withBody.headers)
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000), ...withBody, headers })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text.startsWith('{') ? JSON.parse(text) : text) as T,
  }
}

export const ask = async (
  url: string,
  question: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Accepted> => {
  const { status, body } = await call<Accepted>(`${url}/api/chat`, { json: question, headers })
  if (status !== 202) throw new Error(`not accepted: ${status} ${JSON.stringify(body)}`)
  return body
}

export const getRun = async (url: string, runId: string, headers: Record<string, string> = {}): Promise<RunView> =>
  (await call<RunView>(`${url}/api/runs/${runId}`, { headers })).body
/** The run once it has ended. */
export const runEnd = async (url: string, runId: string, timeoutMs = 30_000): Promise<RunView> =>
  await waitFor(
    async () => {
      const run = await getRun(url, runId)
      return run.finishedAt === null ? undefined : run
    },
    { what: `the end of ${runId}`, timeoutMs },
  )
export const cancel = async (
  url: string,
  runId: string,
): Promise<Answer<{ status: string; answerId: string | null }>> =>
  await call(`${url}/api/runs/${runId}/cancel`, { method: 'POST' })
export const getMessages = async (url: string, sessionId: string): Promise<MessageView[]> =>
  (await call<Page<MessageView>>(`${url}/api/sessions/${sessionId}/messages?limit=100`)).body.items.reverse()

export type Stream = {
  events: SeenEvent[]
  comments: number
  status: number
  closed: Promise<void>
  close(): void
  until(name: string, count?: number): Promise<SeenEvent>
}

/** Opens an event stream and collects what comes. `until` waits for the nth event of a name. */
export async function openStream(url: string, init: RequestInit = {}): Promise<Stream> {
  const controller = new AbortController()
  const response = await fetch(url, {
    ...init,
    signal: controller.signal,
    headers: withSignIn(url, { accept: 'text/event-stream', ...(init.headers as Record<string, string> | undefined) }),
  })
  const stream: Stream = {
    events: [],
    comments: 0,
    status: response.status,
    closed: Promise.resolve(),
    close: () => controller.abort(),
    until: async (name, count = 1) => {
      const deadline = performance.now() + 30_000
      while (performance.now() < deadline) {
        const found = stream.events.filter((event) => event.event === name)[count - 1]
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error(`no ${name} within 30 s; seen: ${stream.events.map((event) => event.event).join(' ')}`)
    },
  }
  stream.closed = collect(response, stream).catch(() => {})
  return stream
}

/** Opens a stream and reads it to its end. */
export async function readStream(url: string, init: RequestInit = {}): Promise<SeenEvent[]> {
  const stream = await openStream(url, init)
  const late = setTimeout(() => stream.close(), 60_000)
  await stream.closed
  clearTimeout(late)
  return stream.events
}

async function collect(response: Response, stream: Stream): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    const frames = rest.split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      if (frame.startsWith(':')) stream.comments += 1
      const field = (name: string): string =>
        frame
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? ''
      if (field('data') !== '')
        stream.events.push({
          id: field('id'),
          event: field('event'),
          data: JSON.parse(field('data')) as Record<string, unknown>,
        })
    }
  }
}

/** The answer a client shows after these events. */
export function textOf(events: readonly SeenEvent[]): string {
  let text = ''
  for (const { event, data } of events) {
    if (event === 'message') text += String(data.delta)
    if (event === 'message_replace') text = String(data.text)
  }
  return text
}
