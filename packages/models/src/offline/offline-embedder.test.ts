import { describe, expect, test } from '@jest/globals'
import { createOfflineEmbedder } from './offline-embedder.ts'

const embedder = createOfflineEmbedder()
const options = { purpose: 'document' as const, signal: new AbortController().signal }
const embed = (...texts: string[]): Promise<number[][]> => embedder.embed(texts, options)

async function similarity(a: string, b: string): Promise<number> {
  const [x = [], y = []] = await embed(a, b)
  return x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)
}

describe('offline embedder', () => {
  test('unit vectors of its dimensions, whatever the text', async () => {
    for (const vector of await embed('A worker dies.', '工作进程', '', '—', 'a'.repeat(10_000))) {
      expect(vector).toHaveLength(embedder.dimensions)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 9)
    }
  })

  test('is the same on every machine: a change of its features must change its id', async () => {
    const [vector = []] = await embed('Askwire keeps answers 保存答案')
    const places = vector.flatMap((value, i) => (value === 0 ? [] : [i]))
    expect(embedder.id).toBe('offline-ngram-384')
    expect(places.slice(0, 8)).toEqual([15, 35, 50, 70, 88, 91, 107, 114])
    expect(await embed('Askwire keeps answers 保存答案')).toEqual([vector])
  })

  test.each([
    ['how are passwords stored', 'Passwords are stored hashed.', 'The queue keeps questions.'],
    ['worker crashing', 'When a worker crashes, another takes over.', 'Sessions are listed newest first.'],
    ['question_queue', 'Questions wait in question_queue.', 'Memory is extracted later.'],
    ['工作进程崩溃会怎样', '工作进程崩溃后由另一个接手。', '密码加密保存在数据库中。'],
    ['密码存储', '密码使用加密方式存储。', '工作进程从队列取出问题。'],
  ])('%s is nearer to “%s” than to “%s”', async (query, right, wrong) => {
    expect(await similarity(query, right)).toBeGreaterThan((await similarity(query, wrong)) + 0.15)
  })

  test('case, width and repetition hardly matter', async () => {
    expect(await similarity('Redis Stream', 'ＲＥＤＩＳ stream')).toBeCloseTo(1, 9)
    expect(await similarity('redis', 'redis '.repeat(50))).toBeGreaterThan(0.99)
  })

  test('stops when aborted', async () => {
    const stopped = embedder.embed(['a'], { purpose: 'query', signal: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  })
})
