import { type FakeModel, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai-embedder.ts'

let fake: FakeModel
beforeAll(async () => {
  fake = await startFakeModel()
})
afterAll(() => fake.close())
beforeEach(() => fake.reset())

const clock = { sleep: async (): Promise<void> => {} }
const signal = new AbortController().signal

function embedder(model = 'fake?dimensions=16', options: Partial<OpenAiEmbedderOptions> = {}) {
  return createOpenAiEmbedder({ baseUrl: fake.baseUrl, apiKey: 'sk-1', model, dimensions: 16, clock, ...options })
}

const textsUpTo = (count: number): string[] => Array.from({ length: count }, (_, i) => `text ${i}\nwith a break`)

describe('openai embedder', () => {
  test('unit vectors in the order of the texts, in batches', async () => {
    const texts = textsUpTo(10)
    const vectors = await embedder(undefined, { batchSize: 4 }).embed(texts, { purpose: 'document', signal })
    expect(vectors).toHaveLength(10)
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 9)
    expect(fake.requests.map((request) => request.body.input)).toEqual([
      texts.slice(0, 4),
      texts.slice(4, 8),
      texts.slice(8),
    ])
    const [alone] = await embedder().embed([texts[7] ?? ''], { purpose: 'query', signal })
    expect(alone).toEqual(vectors[7])
  })

  test('asks for dimensions only where the model knows them', async () => {
    await embedder('fake?dimensions=16').embed(['a'], { purpose: 'query', signal })
    await embedder('text-embedding-3-small').embed(['a'], { purpose: 'query', signal })
    expect(fake.requests.map((request) => request.body.dimensions)).toEqual([undefined, 16])
  })

  test('no texts, no request', async () => {
    await expect(embedder().embed([], { purpose: 'document', signal })).resolves.toEqual([])
    expect(fake.requests).toHaveLength(0)
  })

  test('vectors of another length are refused', async () => {
    const failing = embedder('fake?dimensions=8').embed(['a'], { purpose: 'query', signal })
    await expect(failing).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('8 dimensions where 16'),
    })
  })

  test('tries again after 503, without losing the order', async () => {
    fake.behave({ fail: 503, times: 1, dimensions: 16 })
    const vectors = await embedder('plain', { batchSize: 2 }).embed(textsUpTo(4), { purpose: 'document', signal })
    expect(vectors).toHaveLength(4)
    expect(fake.requests).toHaveLength(3)
  })

  test.each([
    ['401', 'model_rejected'],
    ['429', 'model_rate_limited'],
    ['500', 'model_unavailable'],
    ['garbage', 'model_failed'],
    ['html', 'model_failed'],
  ])('%s → %s', async (fault, code) => {
    const failing = embedder(`fake?fail=${fault}`, { maxRetries: 0 }).embed(['a'], { purpose: 'query', signal })
    await expect(failing).rejects.toMatchObject({ code })
  })

  test('a hang is a time-out, an abort closes the socket', async () => {
    const hanging = embedder('fake?fail=hang-headers', { maxRetries: 0, timeoutMs: 200 })
    await expect(hanging.embed(['a'], { purpose: 'query', signal })).rejects.toMatchObject({ code: 'model_timeout' })
    const controller = new AbortController()
    const stopped = embedder('fake?fail=hang-headers').embed(['a'], { purpose: 'query', signal: controller.signal })
    const outcome = expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    await waitFor(() => fake.openStreams === 1, { what: 'the request' })
    controller.abort()
    await outcome
    await waitFor(() => fake.openStreams === 0, { what: 'the closed socket' })
  })
})
