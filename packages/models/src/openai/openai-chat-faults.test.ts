import { inspect } from 'node:util'
import { AppError, toRunError } from '@askwire/contracts'
import { type FakeModel, loopTime, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ChatEvent, ChatRequest } from '../ports.ts'
import { createOpenAiChatModel, type OpenAiChatModelOptions } from './openai-chat-model.ts'

const KEY = 'sk-very-secret'
let fake: FakeModel
beforeAll(async () => {
  fake = await startFakeModel()
})
afterAll(() => fake.close())
beforeEach(() => fake.reset())

function stream(model: string, options: Partial<OpenAiChatModelOptions> = {}, signal = new AbortController().signal) {
  const chat = createOpenAiChatModel({ baseUrl: fake.baseUrl, apiKey: KEY, model: 'fake', maxRetries: 0, ...options })
  const request: ChatRequest = {
    messages: [{ role: 'user', content: 'hi' }],
    passages: [],
    question: 'hi',
    model,
    signal,
  }
  return chat.stream(request)
}

/** The deltas up to the failure, and the failure. */
async function fail(events: AsyncIterable<ChatEvent>): Promise<{ text: string; error: AppError }> {
  let text = ''
  try {
    for await (const event of events) if (event.kind === 'text') text += event.delta
  } catch (error) {
    if (error instanceof AppError) return { text, error }
    throw error
  }
  throw new Error('it did not fail')
}

describe('openai chat model: what providers do wrong', () => {
  test.each([
    ['error', 'model_failed'],
    ['garbage', 'model_failed'],
    ['no-end', 'model_failed'],
    ['giant-line', 'model_failed'],
    ['cut', 'model_unavailable'],
  ])('F20, F21: %s mid-stream → %s, after the tokens before it', async (fault, code) => {
    const { text, error } = await fail(stream(`fake?fail=${fault}&after=2&count=9&interval=2`))
    expect(text).toBe('word word ')
    expect(error.code).toBe(code)
  })

  test.each([
    ['html', 'model_failed'],
    ['garbage', 'model_failed'],
    ['error', 'model_failed'],
    ['no-end', 'model_failed'],
    ['401', 'model_rejected'],
    ['500', 'model_unavailable'],
    ['504', 'model_timeout'],
  ])('F21: %s at once → %s, and neither key nor a word of the provider in it', async (fault, code) => {
    const { error } = await fail(stream(`fake?fail=${fault}`))
    expect(error.code).toBe(code)
    const everything = `${inspect(error, { depth: 10, showHidden: true })}${JSON.stringify(toRunError(error))}`
    expect(everything).not.toContain(KEY)
    expect(everything).not.toContain('secret')
    expect(everything).not.toContain('<h1>')
  })

  test('F21: a line without end is given up after 1 MiB, not read to its end', async () => {
    const { error } = await fail(stream('fake?fail=giant-line'))
    expect(String(error.cause)).toContain('LineTooLongError')
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
  })
})

describe('openai chat model: time', () => {
  const LONG_MS = 60_000
  const timeouts = { firstEventMs: 200, idleMs: 200, totalMs: LONG_MS }
  /** For what has begun before time is measured. */
  const patient = { ...timeouts, firstEventMs: LONG_MS }

  test.each(['hang-headers', 'hang'])(
    'F20: %s before the first token → model_timeout, socket closed',
    async (fault) => {
      const { error } = await fail(stream(`fake?fail=${fault}`, { timeouts }))
      expect(error.code).toBe('model_timeout')
      await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
      expect(fake.requests[0]?.closedByClient).toBe(true)
    },
  )

  test('F17: a hang mid-stream → model_timeout, with the text so far', async () => {
    const { text, error } = await fail(stream('fake?fail=hang&after=2', { timeouts: patient }))
    expect(text).toBe('word word ')
    expect(error.code).toBe('model_timeout')
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
  })

  test('an answer that goes on too long is over at `totalMs`', async () => {
    const total = { firstEventMs: LONG_MS, idleMs: LONG_MS, totalMs: 400 }
    const { value, ms } = await loopTime(() => fail(stream('fake?interval=50&count=1000', { timeouts: total })))
    expect(value.error.code).toBe('model_timeout')
    expect(ms).toBeLessThan(2_000)
  })

  test('slow but steady is no time-out', async () => {
    let text = ''
    for await (const event of stream('fake?interval=100&count=6', { timeouts: patient }))
      if (event.kind === 'text') text += event.delta
    expect(text).toBe('word '.repeat(6))
  })
})

describe('openai chat model: stop', () => {
  test("abort mid-stream closes the provider's socket, long before the answer's end", async () => {
    const controller = new AbortController()
    let text = ''
    const stopped = (async () => {
      for await (const event of stream('fake?interval=20&count=10000', {}, controller.signal)) {
        if (event.kind === 'text') text += event.delta
        if (text.length === 25) controller.abort()
      }
    })()
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
    expect(fake.requests[0]?.closedByClient).toBe(true)
    expect(text).toBe('word '.repeat(5))
  })

  test('abort before the headers, and while waiting for the next try', async () => {
    const controller = new AbortController()
    const hanging = fail(stream('fake?fail=hang-headers', {}, controller.signal))
    await waitFor(() => fake.openStreams === 1, { what: 'the request' })
    controller.abort()
    expect((await hanging).error.code).toBe('cancelled')

    const second = new AbortController()
    const waiting = fail(stream('fake?fail=503&retryAfter=10', { maxRetries: 3 }, second.signal))
    await waitFor(() => fake.requests.length === 2, { what: 'the second request' })
    second.abort()
    expect((await waiting).error.code).toBe('cancelled')
    expect(fake.requests).toHaveLength(2)
  })

  test('an aborted signal asks nothing', async () => {
    const { error } = await fail(stream('fake', {}, AbortSignal.abort()))
    expect(error.code).toBe('cancelled')
    expect(fake.requests).toHaveLength(0)
  })

  test('who stops reading closes the socket too', async () => {
    for await (const event of stream('fake?interval=20&count=10000')) if (event.kind === 'text') break
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
    expect(fake.requests[0]?.closedByClient).toBe(true)
  })
})
