import { type FakeModel, hashChain, startFakeModel } from '@askwire/testing'
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

/** Pauses between tries are written down instead of slept. */
const pauses: number[] = []
const clock = {
  sleep: async (ms: number): Promise<void> => {
    pauses.push(ms)
  },
}
beforeEach(() => {
  pauses.length = 0
})

function chat(options: Partial<OpenAiChatModelOptions> = {}) {
  return createOpenAiChatModel({ baseUrl: fake.baseUrl, apiKey: KEY, model: 'fake', clock, ...options })
}

function request(model: string, more: Partial<ChatRequest> = {}): ChatRequest {
  const messages = [{ role: 'user' as const, content: 'run:u1-r1 what now?' }]
  return { messages, passages: [], question: '', model, signal: new AbortController().signal, ...more }
}

async function collect(stream: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

const textOf = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.kind === 'text' ? event.delta : '')).join('')

describe('openai chat model: answers', () => {
  test("streams every token in order, then the end with the provider's usage", async () => {
    const events = await collect(chat().stream(request('fake?answer=chain&count=500')))
    expect(textOf(events).trim().split(' ')).toEqual(hashChain('u1-r1', 500))
    expect(events.at(-1)).toEqual({
      kind: 'end',
      finishReason: 'stop',
      usage: {
        inputTokens: 5,
        outputTokens: 500,
        totalTokens: 505,
        reasoningTokens: 0,
        cachedTokens: 0,
        estimated: false,
        costMicros: 0,
        currency: 'USD',
      },
    })
    expect(events.filter((event) => event.kind === 'end')).toHaveLength(1)
  })

  test('history and system prompt reach the model; usage is asked for; the key is sent', async () => {
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      { role: 'user' as const, content: 'One?' },
      { role: 'assistant' as const, content: 'Two.' },
      { role: 'user' as const, content: '三？' },
    ]
    const events = await collect(
      chat({ model: 'fake?answer=echo' }).stream({ ...request('x'), model: 'fake?answer=echo', messages }),
    )
    expect(JSON.parse(textOf(events))).toEqual(messages)
    expect(fake.requests[0]).toMatchObject({
      authorization: `Bearer ${KEY}`,
      body: { stream: true, stream_options: { include_usage: true } },
    })
  })

  test('reasoning comes apart from the answer', async () => {
    const events = await collect(chat().stream(request('fake?reasoning=2&count=1')))
    expect(events.slice(0, 3)).toEqual([
      { kind: 'reasoning', delta: 'thinking ' },
      { kind: 'reasoning', delta: 'thinking ' },
      { kind: 'text', delta: 'word ' },
    ])
    expect(events.at(-1)).toMatchObject({ usage: { reasoningTokens: 2, outputTokens: 3 } })
  })

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['end_turn', 'stop'],
  ])('finish reason %s → %s', async (finish, finishReason) => {
    const events = await collect(chat().stream(request(`fake?finish=${finish}`)))
    expect(events.at(-1)).toMatchObject({ finishReason })
  })

  test('no usage from the provider: an estimate that says so, never 0', async () => {
    const events = await collect(chat().stream(request('fake?usage=0&count=40')))
    expect(events.at(-1)).toMatchObject({ usage: { estimated: true, inputTokens: 9, outputTokens: 50 } })
  })

  test('usage has its price', async () => {
    const pricing = { currency: 'EUR', input: 1_000_000, output: 4_000_000 }
    const events = await collect(chat({ pricing }).stream(request('fake?count=10')))
    expect(events.at(-1)).toMatchObject({ usage: { costMicros: 45, currency: 'EUR' } })
  })

  test('without a key no Authorization is sent', async () => {
    await collect(createOpenAiChatModel({ baseUrl: fake.baseUrl, model: 'fake' }).stream(request('fake')))
    expect(fake.requests[0]?.authorization).toBeUndefined()
  })
})

describe('openai chat model: tries', () => {
  test.each([500, 503, 429])('%d before the first event is tried again', async (status) => {
    const events = await collect(chat().stream(request(`fake?fail=${status}&times=2`)))
    expect(textOf(events)).toBe('word '.repeat(10))
    expect(fake.requests).toHaveLength(3)
    expect(pauses).toHaveLength(2)
    expect(pauses[0]).toBeGreaterThanOrEqual(250)
    expect(pauses[0]).toBeLessThanOrEqual(500)
  })

  test('Retry-After is kept to', async () => {
    await collect(chat().stream(request('fake?fail=429&times=1&retryAfter=3')))
    expect(pauses[0]).toBeGreaterThanOrEqual(3_000)
    expect(pauses[0]).toBeLessThan(3_200)
  })

  test('a Retry-After beyond our patience is not waited for; the error tells it', async () => {
    const failing = collect(chat().stream(request('fake?fail=429&retryAfter=120')))
    await expect(failing).rejects.toMatchObject({ code: 'model_rate_limited', retryAfterMs: 120_000 })
    expect(fake.requests).toHaveLength(1)
  })

  test('tries are bounded', async () => {
    const failing = collect(chat({ maxRetries: 1 }).stream(request('fake?fail=503')))
    await expect(failing).rejects.toMatchObject({ code: 'model_unavailable' })
    expect(fake.requests).toHaveLength(2)
  })

  test.each([400, 401, 403, 404])('%d is final', async (status) => {
    const failing = collect(chat().stream(request(`fake?fail=${status}`)))
    await expect(failing).rejects.toMatchObject({ code: 'model_rejected' })
    expect(fake.requests).toHaveLength(1)
  })

  test('a socket cut before the first token is tried again, after it never', async () => {
    const events = await collect(chat().stream(request('fake?fail=cut&times=1')))
    expect(textOf(events)).toBe('word '.repeat(10))
    fake.reset()
    const seen: ChatEvent[] = []
    const failing = (async () => {
      for await (const event of chat().stream(request('fake?fail=cut&after=3&interval=1'))) seen.push(event)
    })()
    await expect(failing).rejects.toMatchObject({ code: 'model_unavailable' })
    expect(textOf(seen)).toBe('word word word ')
    expect(fake.requests).toHaveLength(1)
  })

  test('no one listens', async () => {
    const failing = collect(chat({ baseUrl: 'http://127.0.0.1:9/v1' }).stream(request('fake')))
    await expect(failing).rejects.toMatchObject({ code: 'model_unavailable' })
    expect(pauses).toHaveLength(2)
  })
})
