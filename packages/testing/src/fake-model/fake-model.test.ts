import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { loopTime } from '../loop-time.ts'
import { waitFor } from '../wait-for.ts'
import { hashChain } from './hash-chain.ts'
import { type FakeModel, startFakeModel } from './start-fake-model.ts'

let fake: FakeModel
beforeAll(async () => {
  fake = await startFakeModel()
})
afterAll(() => fake.close())
beforeEach(() => fake.reset())

type Options = { stream?: boolean; content?: string; signal?: AbortSignal; extra?: Record<string, unknown> }

function ask(model: string, { stream = true, content = 'hello', signal, extra = {} }: Options = {}): Promise<Response> {
  return fetch(`${fake.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content }], ...extra }),
    ...(signal ? { signal } : {}),
  })
}

/** The `data:` payloads of a whole stream. */
async function payloads(response: Response): Promise<string[]> {
  const text = await response.text()
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((line) => line.slice('data: '.length))
}

async function textOf(response: Response): Promise<string> {
  const chunks = (await payloads(response))
    .filter((payload) => payload !== '[DONE]')
    .map((payload) => JSON.parse(payload))
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
}

describe('fake model', () => {
  test('streams tokens, the finish reason, usage when asked, and the end mark', async () => {
    const all = await payloads(
      await ask('fake?count=3&reasoning=1', { extra: { stream_options: { include_usage: true } } }),
    )
    const chunks = all.slice(0, -1).map((payload) => JSON.parse(payload))
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { reasoning_content: 'thinking ' },
      { content: 'word ' },
      { content: 'word ' },
      { content: 'word ' },
      {},
      undefined,
    ])
    expect(chunks[4].choices[0].finish_reason).toBe('stop')
    expect(chunks[5].usage).toMatchObject({ completion_tokens: 4, prompt_tokens: 2 })
    expect(all.at(-1)).toBe('[DONE]')
  })

  test('answer=stamp: each token says when it was made, on the clock that all processes share, and no two alike', async () => {
    const now = (): number => Number(process.hrtime.bigint() / 1000n)
    const before = now()
    const text = await textOf(await ask('fake?answer=stamp&count=50'))
    const stamps = text
      .trimEnd()
      .split(' ')
      .map((token) => Number(token.slice(1)))
    expect(text).toMatch(/^(~\d+ ){50}$/)
    expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b))
    expect(stamps[0]).toBeGreaterThanOrEqual(before)
    // Tokens of one microsecond are told apart by running ahead of the clock a little.
    expect(stamps.at(-1)).toBeLessThan(now() + 50)
  })

  test('without `stream` the same answer is one object', async () => {
    const body = (await (await ask('fake?count=2', { stream: false })).json()) as Record<string, unknown>
    expect(body.choices).toMatchObject([{ message: { content: 'word word ' }, finish_reason: 'stop' }])
  })

  test('keeps to its times', async () => {
    const startedAt = performance.now()
    const { value, ms } = await loopTime(() => ask('fake?ttft=100&interval=20&count=11').then(textOf))
    expect(value).toBe('word '.repeat(11))
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299)
    expect(ms).toBeLessThan(1_500)
  })

  test('hold: stops where it is told to until it is let go', async () => {
    fake.behave({ hold: true, after: 2, count: 5 })
    const asked = ask('fake').then(textOf)
    await waitFor(() => fake.requests[0]?.tokensSent === 2, { what: 'the first tokens' })
    fake.behave({ count: 3 })
    expect(await textOf(await ask('fake'))).toBe('word '.repeat(3))
    expect(fake.requests[0]).toMatchObject({ tokensSent: 2, closedAt: undefined })
    fake.release()
    expect(await asked).toBe('word '.repeat(5))
  })

  test('echo gives the messages back, whatever is in them', async () => {
    const content = 'a "quoted" 问题\n'.repeat(30)
    expect(JSON.parse(await textOf(await ask('fake?answer=echo', { content })))).toEqual([{ role: 'user', content }])
  })

  test('chain answers with the chain of the last run key', async () => {
    const text = await textOf(await ask('fake?answer=chain&count=300', { content: 'run:old then\nrun:u1-r7 what?' }))
    expect(text.trim().split(' ')).toEqual(hashChain('u1-r7', 300))
    expect(hashChain('u1-r7', 3)).not.toEqual(hashChain('u1-r8', 3))
  })

  test.each([401, 429, 500, 503])('fails with %d', async (status) => {
    const response = await ask(`fake?fail=${status}&retryAfter=2`)
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe('2')
    await response.text()
  })

  test('`times` fails only the first requests', async () => {
    fake.behave({ fail: 503, times: 2 })
    const statuses: number[] = []
    for (let n = 0; n < 3; n += 1) {
      const response = await ask('fake')
      statuses.push(response.status)
      await response.text()
    }
    expect(statuses).toEqual([503, 503, 200])
  })

  test('cut destroys the socket in the middle of a line', async () => {
    await expect(textOf(await ask('fake?fail=cut&after=2&count=9'))).rejects.toThrow()
    expect(fake.requests[0]).toMatchObject({ tokensSent: 2, cut: true, closedByClient: false })
  })

  test.each([
    ['no-end', 'word word '],
    ['error', 'secret detail'],
    ['garbage', '"content":'],
    ['html', '<h1>'],
  ])('%s says so in its bytes and no end mark', async (fail, part) => {
    const text = await (await ask(`fake?fail=${fail}&after=2`)).text()
    expect(fail === 'no-end' ? text.match(/word /g)?.join('') : text).toContain(part)
    expect(text).not.toContain('[DONE]')
  })

  test('the giant line is one line of 10 MB', async () => {
    const text = await (await ask('fake?fail=giant-line')).text()
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeGreaterThan(10 * 1024 * 1024)
  })

  test.each(['hang', 'hang-headers'])('%s waits, and records when the client gave up', async (fail) => {
    const controller = new AbortController()
    const asked = ask(`fake?fail=${fail}`, { signal: controller.signal }).then((response) => response.text())
    const gaveUp = expect(asked).rejects.toThrow()
    await waitFor(() => fake.openStreams === 1, { what: 'the request' })
    controller.abort()
    await gaveUp
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
    expect(fake.requests[0]).toMatchObject({ closedByClient: true, closedAt: expect.any(Number) })
  })

  test('other processes can drive it and read what it saw', async () => {
    const control = fake.baseUrl.replace('/v1', '/__fake')
    await fetch(`${control}/behave`, { method: 'POST', body: JSON.stringify({ count: 1, text: 'told' }) })
    await expect(ask('any').then(textOf)).resolves.toBe('told')
    const seen = (await (await fetch(`${control}/requests`)).json()) as { requests: unknown[] }
    expect(seen.requests).toMatchObject([
      { model: 'any', authorization: 'Bearer k', tokensSent: 1, closedByClient: false },
    ])
    await fetch(`${control}/reset`, { method: 'POST' })
    expect(fake.requests).toHaveLength(0)
  })

  test('embeds: the same text alike, with the dimensions asked for', async () => {
    const embed = async (extra: Record<string, unknown>): Promise<number[][]> => {
      const body = JSON.stringify({ model: 'fake', input: ['a', 'b', 'a'], ...extra })
      const response = await fetch(`${fake.baseUrl}/embeddings`, { method: 'POST', body })
      const { data } = (await response.json()) as { data: { embedding: number[] }[] }
      return data.map((entry) => entry.embedding)
    }
    const [a, b, again] = await embed({ dimensions: 5 })
    expect(a).toHaveLength(5)
    expect(again).toEqual(a)
    expect(b).not.toEqual(a)
    expect((await embed({}))[0]).toHaveLength(384)
  })

  test('an unknown marker is an error, not a silent default', async () => {
    const response = await ask('fake?intervall=5')
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('intervall')
  })

  test('500 streams at once keep their schedule', async () => {
    const all = (): Promise<string[]> =>
      Promise.all(Array.from({ length: 500 }, () => ask('fake?interval=20&count=20').then(textOf)))
    const { value: texts, ms } = await loopTime(all)
    expect(new Set(texts)).toEqual(new Set(['word '.repeat(20)]))
    // One after the other they would take 200 s.
    expect(ms).toBeLessThan(8_000)
  }, 60_000)
})
