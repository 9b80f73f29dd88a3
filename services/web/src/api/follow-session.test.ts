import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type FollowOptions, followSession } from './follow-session.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

let server: Server
let baseUrl = ''
let answers: Answer[] = []
let asked: (string | undefined)[] = []
let stop: AbortController

beforeEach(async () => {
  answers = []
  asked = []
  stop = new AbortController()
  server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined)
    const answer = answers.shift()
    if (answer) answer(response, request)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})

afterEach(() => {
  stop.abort()
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

const stream = (...frames: string[]): Answer => {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(`retry: 1\n\n${frames.join('')}`)
  }
}
const delta = (id: string, text: string): string =>
  `id: ${id}\nevent: message\ndata: {"delta":"${text}","runId":"r"}\n\n`

/** Follows until the server says 404, which it does when it has no answers left. */
async function follow(options: Partial<FollowOptions> = {}): Promise<string[]> {
  const heard: string[] = []
  await followSession({
    sessionId: 's',
    lastEventId: undefined,
    signal: stop.signal,
    baseUrl,
    retryMs: 1,
    onEvent: (event) => heard.push(event.event === 'message' ? event.delta : event.event),
    onOpen: (resumed) => heard.push(resumed ? '(resumed)' : '(open)'),
    onReconnecting: () => heard.push('(lost)'),
    onMissing: () => heard.push('(missing)'),
    onUnauthenticated: async () => 'ended',
    onRefused: () => heard.push('(refused)'),
    ...options,
  })
  return heard
}

describe('following a session', () => {
  test('goes on after the last event it has seen when the connection ends', async () => {
    answers = [stream(delta('1-1', 'a'), delta('1-2', 'b')), stream(delta('1-3', 'c'))]
    expect(await follow()).toEqual(['(open)', 'a', 'b', '(lost)', '(resumed)', 'c', '(lost)', '(missing)'])
    expect(asked).toEqual([undefined, '1-2', '1-3'])
  })

  test('tries again after a status that is not 200', async () => {
    answers = [(response) => response.writeHead(503).end(), (response) => response.destroy(), stream(delta('1-1', 'a'))]
    expect(await follow()).toEqual(['(lost)', '(lost)', '(open)', 'a', '(lost)', '(missing)'])
  })

  test('begins anew when its id is refused', async () => {
    answers = [(response) => response.writeHead(400).end(), stream(delta('1-1', 'a'))]
    expect(await follow({ lastEventId: '9-9' })).toEqual(['(lost)', '(open)', 'a', '(lost)', '(missing)'])
    expect(asked).toEqual(['9-9', undefined, '1-1'])
  })

  test('leaves a connection on which nothing comes any more', async () => {
    answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(delta('1-1', 'a'))
      },
      stream(delta('1-2', 'b')),
    ]
    expect(await follow({ silenceMs: 1500 })).toEqual([
      '(open)',
      'a',
      '(lost)',
      '(resumed)',
      'b',
      '(lost)',
      '(missing)',
    ])
  })

  test('ends at once when it is told to', async () => {
    answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(delta('1-1', 'a'))
      },
    ]
    expect(await follow({ onEvent: () => stop.abort() })).toEqual(['(open)'])
  })

  test('goes on at once after its login was renewed', async () => {
    const refuse: Answer = (response) => response.writeHead(401).end()
    answers = [stream(delta('1-1', 'a')), refuse, stream(delta('1-2', 'b')), refuse, refuse, stream(delta('1-3', 'c'))]
    let renewals = 0
    const heard = await follow({
      onUnauthenticated: async () => {
        renewals += 1
        return 'fresh'
      },
    })
    // A new access that is refused too is a lost connection: the next try waits.
    expect(heard).toEqual(
      ['(open) a (lost)', '(resumed) b (lost)', '(lost)', '(resumed) c (lost)', '(missing)'].flatMap((part) =>
        part.split(' '),
      ),
    )
    expect(asked).toEqual([undefined, '1-1', '1-1', '1-2', '1-2', '1-2', '1-3'])
    expect(renewals).toBe(3)
  })

  test('waits when the login can not be renewed now', async () => {
    answers = [(response) => response.writeHead(401).end(), stream(delta('1-1', 'a'))]
    const heard = await follow({ onUnauthenticated: () => Promise.reject(new Error('away')) })
    expect(heard).toEqual(['(lost)', '(open)', 'a', '(lost)', '(missing)'])
  })

  test('is over when there is no login left, or no permission', async () => {
    for (const status of [401, 403]) {
      answers = [stream(delta('1-1', 'a')), (response) => response.writeHead(status).end()]
      expect(await follow()).toEqual(['(open)', 'a', '(lost)', '(refused)'])
    }
  })

  test('an event of an unknown name, and one that is no JSON, are passed over', async () => {
    answers = [stream('event: later_invention\ndata: {}\n\n', 'event: message\ndata: {"del\n\n', delta('1-1', 'a'))]
    expect(await follow()).toEqual(['(open)', 'a', '(lost)', '(missing)'])
  })
})
