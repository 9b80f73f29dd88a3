import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  type DeadLetterSummary,
  type DeadLetterView,
  EXCHANGES,
  newId,
  type Page,
  QUEUES,
  type Replayed,
  type RunView,
} from '@askwire/contracts'
import { type FakeModel, serversOrSkip, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, ask, call, cancel, getMessages, getRun, openStream, runEnd } from '../support/client.ts'
import { fakeModels, type Stack, startStack } from '../support/stack.ts'

const servers = serversOrSkip()
const root = new URL('../..', import.meta.url).pathname

describe('dead letters', () => {
  let fake: FakeModel
  let stack: Stack
  let url: string

  beforeAll(async () => {
    fake = await startFakeModel()
    // One question at a time, so that the second one is still in the queue.
    stack = await startStack(servers, { models: fakeModels(fake), settings: { ASKWIRE_WORKER_CONCURRENCY: '1' } })
    url = stack.urls[0] ?? ''
  }, 60_000)
  afterAll(async () => {
    await stack.close()
    await fake.close()
  }, 60_000)
  beforeEach(() => fake.reset())

  const list = async (query = 'limit=100'): Promise<Page<DeadLetterSummary>> =>
    (await call<Page<DeadLetterSummary>>(`${url}/api/dead-letters?${query}`)).body
  const show = async (id: string): Promise<Answer<DeadLetterView>> => await call(`${url}/api/dead-letters/${id}`)
  const replay = async (id: string): Promise<Answer<Replayed>> =>
    await call(`${url}/api/dead-letters/${id}/replay`, { method: 'POST' })
  const letterOf = async (messageId: string): Promise<DeadLetterSummary> =>
    await waitFor(async () => (await list()).items.find((letter) => letter.messageId === messageId), {
      what: `the dead letter of ${messageId}`,
    })
  const ended = (runId: string): Promise<RunView> => runEnd(url, runId)

  const questionOf = (run: { runId: string; sessionId: string }): string =>
    JSON.stringify({ schemaVersion: 1, runId: run.runId, sessionId: run.sessionId })
  /** As a publisher would, to `question_queue`. */
  const send = async (body: string | Buffer, messageId: string = newId()): Promise<string> => {
    const to = { exchange: EXCHANGES.questions, routingKey: QUEUES.questions }
    await stack.deps.broker.publish({ ...to, messageId, body: Buffer.from(body) })
    return messageId
  }
  /** As the broker would, to `question_dead_queue`. */
  const bury = async (body: string, messageId: string): Promise<void> => {
    const to = { exchange: EXCHANGES.questionsDead, routingKey: QUEUES.questionsDead }
    const headers = { 'x-first-death-reason': 'delivery_limit' }
    await stack.deps.broker.publish({ ...to, messageId, body: Buffer.from(body), headers })
  }
  /** A question that waits in the queue behind one that is being answered. */
  const askBehind = async (): Promise<{ first: string; queued: Awaited<ReturnType<typeof ask>> }> => {
    fake.behave({ interval: 20, count: 5000 })
    const { runId: first } = await ask(url, { message: 'the one before' })
    await waitFor(() => fake.openStreams === 1, { what: 'the worker to be busy' })
    return { first, queued: await ask(url, { message: 'poisoned?' }) }
  }
  const endedByLetter = async () => {
    const { first, queued } = await askBehind()
    await bury(questionOf(queued), queued.runId)
    const letter = await letterOf(queued.runId)
    return { first, queued, letter }
  }

  test.each<[string, string | Buffer]>([
    ['no JSON', 'not json'],
    ['nothing', ''],
    ['bytes', Buffer.from([0xff, 0x00, 0xfe])],
    ['null', 'null'],
    ['ids that are none', '{"schemaVersion":1,"runId":"x","sessionId":"y"}'],
    ['a version that is none', `{"schemaVersion":"9","runId":"${newId()}"}`],
    ['a deep nest', '['.repeat(100_000)],
  ])('F7: a message of %s is kept, told of, not replayed, and disturbs no one', async (_what, body) => {
    const messageId = await send(body)
    const { runId } = await ask(url, { message: 'of someone else' })
    const letter = await letterOf(messageId)
    expect(letter).toMatchObject({ reason: 'malformed', runId: null, sessionId: null, replayedAt: null })
    expect(letter.bodyBytes).toBe(Buffer.from(body).length)
    const { status, body: shown } = await show(letter.id)
    expect(status).toBe(200)
    expect(shown).toMatchObject({ ...letter, body: Buffer.from(body).subarray(0, 65_536).toString('utf8') })
    expect(shown.deaths).toEqual([{ queue: QUEUES.questions, reason: 'rejected', count: 1, at: expect.any(String) }])
    expect(await replay(letter.id)).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } })
    expect((await show(letter.id)).body.replayedAt).toBeNull()
    expect(await ended(runId)).toMatchObject({ status: 'succeeded' })
  })

  test('F7: the run it names ends as failed and its followers are told; asked again, it is a new run, once', async () => {
    const { first, queued } = await askBehind()
    const stream = await openStream(`${url}${queued.eventsUrl}`)
    await bury(questionOf(queued), queued.runId)
    const { data } = await stream.until('error')
    expect(data.error).toMatchObject({ code: 'poison_message', retryable: false })
    expect((await stream.until('workflow_finished')).data).toMatchObject({ runId: queued.runId, status: 'failed' })
    expect(await getRun(url, queued.runId)).toMatchObject({ status: 'failed', error: { code: 'poison_message' } })
    const letter = await letterOf(queued.runId)
    expect(letter).toMatchObject({ reason: 'delivery_limit', runId: queued.runId, sessionId: queued.sessionId })

    const replays = await Promise.all(Array.from({ length: 5 }, () => replay(letter.id)))
    expect(replays.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const runIds = new Set(replays.map(({ body }) => body.runId))
    expect(runIds.size).toBe(1)
    expect(runIds.has(queued.runId)).toBe(false)
    const [again = ''] = runIds
    fake.behave({ count: 3 })
    await cancel(url, first)
    expect(await ended(again)).toMatchObject({ status: 'succeeded', sessionId: queued.sessionId })
    await stream.until('workflow_finished', 2)
    stream.close()
    expect((await replay(letter.id)).body).toEqual({ runId: again, sessionId: queued.sessionId })
    expect((await show(letter.id)).body).toMatchObject({ replayRunId: again, replayedAt: expect.any(String) })
    // The failed run stays as it ended; its question stands twice, at the same place.
    expect(await getRun(url, queued.runId)).toMatchObject({ status: 'failed', answerId: null })
    const messages = await getMessages(url, queued.sessionId)
    expect(messages.map(({ role, parentId }) => [role, parentId])).toEqual([
      ['user', null],
      ['user', null],
      ['assistant', messages[1]?.id],
    ])
    expect(messages[1]?.content).toBe('poisoned?')
  }, 60_000)

  test('the next question of the session has its turn', async () => {
    const { first, queued } = await askBehind()
    const next = await ask(url, { sessionId: queued.sessionId, message: 'and now?' })
    await bury(questionOf(queued), queued.runId)
    await letterOf(queued.runId)
    fake.behave({ count: 2 })
    await cancel(url, first)
    expect(await ended(next.runId)).toMatchObject({ status: 'succeeded' })
  })

  test('a malformed message of a run that is known ends it too', async () => {
    const { first, queued } = await askBehind()
    await bury(`{"schemaVersion":1,"runId":"${queued.runId}","sessionId":7}`, newId())
    expect(await ended(queued.runId)).toMatchObject({ status: 'failed', error: { code: 'poison_message' } })
    await cancel(url, first)
  })

  test('a run that a worker is answering goes on; its letter has nothing to replay', async () => {
    fake.behave({ hold: true })
    const run = await ask(url, { message: 'going well' })
    await waitFor(() => fake.openStreams === 1, { what: 'the model to be asked' })
    await bury(questionOf(run), run.runId)
    const letter = await letterOf(run.runId)
    fake.release()
    expect(await ended(run.runId)).toMatchObject({ status: 'succeeded', attempt: 1 })
    expect((await replay(letter.id)).body).toEqual({ runId: run.runId, sessionId: run.sessionId })
    expect(await getMessages(url, run.sessionId)).toHaveLength(2)
  })

  test('a letter that comes twice is one', async () => {
    const messageId = newId()
    await bury('twice', messageId)
    await bury('twice', messageId)
    await bury('thrice', messageId)
    await waitFor(async () => (await list()).items.filter((letter) => letter.messageId === messageId).length === 2, {
      what: 'both letters',
    })
    const last = await send('after them')
    await letterOf(last)
    expect((await list()).items.filter((letter) => letter.messageId === messageId)).toHaveLength(2)
  })

  test('the list is paged', async () => {
    const all = (await list()).items.map(({ id }) => id)
    expect(all.length).toBeGreaterThan(4)
    const first = await list('limit=2')
    const second = await list(`limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all.slice(0, 4))
    expect(await call(`${url}/api/dead-letters?cursor=garbage`)).toMatchObject({ status: 400 })
    expect(await show(newId())).toMatchObject({ status: 404 })
    expect(await replay(newId())).toMatchObject({ status: 404 })
  })

  describe('npm run dead-letters', () => {
    const run = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
      try {
        const options = { cwd: root, env: { ...process.env, NODE_OPTIONS: '', ...stack.env }, timeout: 60_000 }
        const ended = await promisify(execFile)(process.execPath, ['scripts/dead-letters.ts', ...args], options)
        return { code: 0, ...ended }
      } catch (error) {
        return error as { code: number; stdout: string; stderr: string }
      }
    }

    test('lists, shows and replays, and lets no message steer the terminal', async () => {
      const messageId = await send('\u001b]0;owned\u0007\u202e not json')
      const { id } = await letterOf(messageId)
      expect((await run('list')).stdout).toContain(`${id}  `)
      const shown = await run('show', id)
      expect(shown).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('\\u{1b}]0;owned\\u{7}\\u{202e} not json'),
      })
      expect(shown.stdout).toMatch(/reason +malformed\n/)
      expect(shown.stdout).toMatch(/death +rejected in question_queue, 1 times/)
      expect(await run('replay', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('names no run') })

      const { first, letter } = await endedByLetter()
      fake.behave({ count: 2 })
      await cancel(url, first)
      const replayed = await run('replay', letter.id, '--json')
      expect(replayed).toMatchObject({ code: 0 })
      const { runId } = JSON.parse(replayed.stdout) as Replayed
      expect(await ended(runId)).toMatchObject({ status: 'succeeded' })
      expect((await run('replay', letter.id)).stdout).toContain(runId)
      const { items } = JSON.parse((await run('list', '--json', '--limit', '100')).stdout) as Page<DeadLetterSummary>
      expect(items.find((item) => item.id === letter.id)).toMatchObject({ replayRunId: runId })
    }, 180_000)

    test('says what is wrong, and no secret', async () => {
      expect(await run()).toMatchObject({ code: 1, stdout: expect.stringContaining('usage:') })
      expect(await run('show', newId())).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no such dead letter'),
      })
      expect(await run('show', '../x')).toMatchObject({ code: 1, stderr: expect.stringContaining('which one') })
      expect(await run('list', '--limit', '0')).toMatchObject({ code: 1 })
      const password = new URL(stack.env.ASKWIRE_DATABASE_URL).password
      for (const { stdout, stderr } of [await run('list'), await run('list', '--cursor', 'x')]) {
        expect(password === '' || !`${stdout}${stderr}`.includes(password)).toBe(true)
      }
    }, 180_000)
  })
})
