import { createOpenAiChatModel } from '@askwire/models'
import { type FakeModel, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { call, collect, type Json, stream, textOf } from './test-support/rpc.ts'
import { agentRequest, messageParams, startTestAgent, type TestAgent } from './test-support/start-test-agent.ts'

const API_KEY = 'sk-canary-of-the-provider'
/** No stall of a busy machine comes near it. */
const PATIENT = { firstEventMs: 60_000, idleMs: 60_000, totalMs: 60_000 }

let fake: FakeModel
let target: TestAgent
beforeAll(async () => {
  fake = await startFakeModel()
  target = await startTestAgent({ chat: chatWith({}) })
}, 60_000)
afterAll(async () => {
  await target?.close()
  await fake?.close()
})
beforeEach(() => fake.reset())

const chatWith = (timeouts: Partial<typeof PATIENT>) =>
  createOpenAiChatModel({
    baseUrl: fake.baseUrl,
    apiKey: API_KEY,
    model: 'fake',
    maxRetries: 0,
    timeouts: { ...PATIENT, ...timeouts },
  })
const ask = (fields = {}, url = target.url): Promise<Json[]> =>
  collect(url, 'SendStreamingMessage', messageParams('How long?', agentRequest(fields)))
const endOf = (events: Json[]): Json => events.at(-1).result.statusUpdate.status

describe('behind an OpenAI-compatible model', () => {
  test('history reaches the model on the second turn, and usage arrives', async () => {
    const history = [
      { role: 'user', content: 'What is Nimbus?' },
      { role: 'assistant', content: 'A file store [1].' },
    ]
    fake.behave({ count: 5, reasoning: 2 })
    const events = await ask({ history })
    expect(fake.requests).toHaveLength(2)
    const { messages } = fake.requests[1]!
    expect(messages.slice(1)).toEqual([...history, { role: 'user', content: 'How long?' }])
    expect(messages[0]?.content).toContain('[1] storage.md')
    expect(textOf(events)).toBe('word '.repeat(5))
    expect(textOf(events, 'reasoning')).toBe('thinking '.repeat(2))
    const { usage, finishReason } = endOf(events).message.parts[0].data
    expect(usage).toMatchObject({ estimated: false, outputTokens: 2 * (5 + 2), reasoningTokens: 2 * 2 })
    expect(finishReason).toBe('stop')
  })

  test.each([
    ['429', { fail: 429 }, 'model_rate_limited', true, {}],
    ['500', { fail: 500 }, 'model_unavailable', true, {}],
    ['401', { fail: 401 }, 'model_rejected', false, {}],
    ['no answer', { fail: 'hang-headers' }, 'model_timeout', true, { firstEventMs: 300 }],
    ['silence in the middle', { fail: 'hang', after: 3 }, 'model_timeout', true, { idleMs: 300 }],
    ['a cut', { fail: 'cut', after: 3 }, /^model_/, undefined, {}],
    ['garbage', { fail: 'garbage', after: 3 }, 'model_failed', false, {}],
    ['a web page', { fail: 'html' }, 'model_failed', false, {}],
    ['no end', { fail: 'no-end', after: 3 }, 'model_failed', false, {}],
  ] as const)('%s from the provider ends as a typed failure', async (_name, behaviour, code, retryable, timeouts) => {
    fake.behave({ count: 9, ...behaviour })
    const agent = await startTestAgent({ chat: chatWith(timeouts), store: target.store })
    const events = await ask({}, agent.url).finally(() => agent.close())
    expect(endOf(events).state).toBe('TASK_STATE_FAILED')
    const failure = endOf(events).message.parts[0].data
    expect(failure.code).toMatch(code)
    if (retryable !== undefined) expect(failure.retryable).toBe(retryable)
    expect(textOf(events)).toBe('after' in behaviour ? 'word '.repeat(3) : '')
    expect(JSON.stringify(events)).not.toContain(API_KEY)
    expect((await fetch(`${target.url}/health/live`)).status).toBe(200)
  })

  test('a stop closes the socket of the provider, long before the end of its answer', async () => {
    fake.behave({ count: 10_000, interval: 20 })
    const events = stream(target.url, 'SendStreamingMessage', messageParams('How long?', agentRequest()))
    const { taskId } = await firstText(events)
    const { result } = await call(target.url, 'CancelTask', { id: taskId })
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
    expect(fake.requests[0]).toMatchObject({ closedByClient: true })
    const rest = await Array.fromAsync(events)
    expect(endOf(rest)).toEqual(result.status)
    expect(result.status.message.parts[0].data).toMatchObject({ finishReason: 'cancelled', usage: { estimated: true } })
  })

  test('a reader that leaves does not stop the model', async () => {
    fake.behave({ count: 20, interval: 10 })
    const left = new AbortController()
    const params = messageParams('How long?', agentRequest())
    const events = stream(target.url, 'SendStreamingMessage', params, { signal: left.signal })
    const { taskId } = await firstText(events)
    left.abort()
    const task = await waitFor(
      async () => {
        const { result } = await call(target.url, 'GetTask', { id: taskId })
        return result.status.state === 'TASK_STATE_COMPLETED' && result
      },
      { what: 'the completed task' },
    )
    expect(task.artifacts.at(-1).parts[0].text).toBe('word '.repeat(20))
    expect(fake.requests[0]).toMatchObject({ closedByClient: false, tokensSent: 20 })
  })
})

async function firstText(events: AsyncGenerator<Json>): Promise<{ taskId: string }> {
  for (;;) {
    const { value } = await events.next()
    if (textOf([value]) !== '') return { taskId: value.result.artifactUpdate.taskId }
  }
}
