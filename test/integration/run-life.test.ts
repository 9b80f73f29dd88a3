import { EXCHANGES, newId, QUEUES, type RunView } from '@askwire/contracts'
import { type FakeModel, serversOrSkip, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ask, call, cancel, getMessages, getRun, openStream, readStream, runEnd, textOf } from '../support/client.ts'
import { fakeModels, type Stack, startStack } from '../support/stack.ts'

const servers = serversOrSkip()

describe('the life of a run', () => {
  let fake: FakeModel
  let stack: Stack
  let url: string

  beforeAll(async () => {
    fake = await startFakeModel()
    stack = await startStack(servers, { models: fakeModels(fake), settings: { ASKWIRE_MAX_UNFINISHED_RUNS: '12' } })
    url = stack.urls[0] ?? ''
  }, 60_000)
  afterAll(async () => {
    await stack.close()
    await fake.close()
  }, 60_000)
  beforeEach(() => fake.reset())

  /** An answer that a test ends long before its own end, on any machine. */
  const slow = (count = 2000): void => fake.behave({ interval: 20, count })
  const ended = (runId: string): Promise<RunView> => runEnd(url, runId)
  const follow = (sessionId: string) => openStream(`${url}/api/sessions/${sessionId}/events`)

  test('enqueue: questions of one session wait for each other, in order', async () => {
    fake.behave({ hold: true, count: 3 })
    const first = await ask(url, { message: 'one' })
    const { sessionId } = first
    const rest = [await ask(url, { sessionId, message: 'two' }), await ask(url, { sessionId, message: 'three' })]
    expect(rest.map((run) => run.status)).toEqual(['waiting', 'waiting'])
    expect(rest.map((run) => run.position)).toEqual([1, 2])
    fake.behave({ count: 3 })
    fake.release()
    const events = await readStream(`${url}${first.eventsUrl}?until=idle&after=0-0`)
    const finished = events.filter((event) => event.event === 'workflow_finished')
    expect(finished.map((event) => event.data.runId)).toEqual([first.runId, ...rest.map((run) => run.runId)])
    expect(finished.map((event) => event.id.split('-')[0])).toEqual(['1', '2', '3'])
    // As they were sent, the questions came first; the tree has each below the answer before it.
    const messages = await getMessages(url, sessionId)
    const branch: string[] = []
    for (let at = messages.at(-1); at; at = messages.find((message) => message.id === at?.parentId))
      branch.unshift(at.role)
    expect(branch).toEqual(['user', 'assistant', 'user', 'assistant', 'user', 'assistant'])
  })

  test('reject: 409 with the run that keeps the session busy', async () => {
    slow()
    const first = await ask(url, { message: 'one' })
    const { status, body } = await call<{ error: Record<string, unknown> }>(`${url}/api/chat`, {
      json: { sessionId: first.sessionId, message: 'two', onBusy: 'reject' },
    })
    expect(status).toBe(409)
    expect(body.error).toMatchObject({ code: 'session_busy', runId: first.runId, retryable: true })
    await cancel(url, first.runId)
    expect(await getMessages(url, first.sessionId)).toHaveLength((await getRun(url, first.runId)).answerId ? 2 : 1)
  })

  test('interrupt: stops the unfinished run and takes over', async () => {
    slow()
    const first = await ask(url, { message: 'one' })
    const stream = await follow(first.sessionId)
    await stream.until('message', 3)
    fake.behave({ count: 3 })
    const second = await ask(url, { sessionId: first.sessionId, message: 'two', onBusy: 'interrupt' })
    expect((await ended(first.runId)).status).toBe('cancelled')
    expect((await ended(second.runId)).status).toBe('succeeded')
    await stream.until('workflow_finished', 2)
    stream.close()
  })

  test('S46, F34: one key, one run, also when the requests race', async () => {
    fake.behave({ count: 3 })
    const key = newId()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => ask(url, { message: 'once' }, { 'idempotency-key': key })),
    )
    expect(new Set(all.map((run) => run.runId)).size).toBe(1)
    const other = await call<{ error: { code: string } }>(`${url}/api/chat`, {
      json: { message: 'else' },
      headers: { 'idempotency-key': key },
    })
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } })
    await ended(all[0]?.runId ?? '')
    expect(fake.requests).toHaveLength(1)
  })

  test('too many unfinished runs are 429, and room comes back', async () => {
    slow()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        call<{ runId: string; error?: { code: string } }>(`${url}/api/chat`, { json: { message: 'many' } }),
      ),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(12).fill(202), ...Array(8).fill(429)])
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(12)
    const refused = answers.filter((answer) => answer.status === 429)
    expect(refused).toHaveLength(8)
    expect(refused[0]?.body.error?.code).toBe('too_many_runs')
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    await Promise.all(answers.filter((answer) => answer.status === 202).map((answer) => cancel(url, answer.body.runId)))
    await cancel(url, (await ask(url, { message: 'room again' })).runId)
  })

  test('stop mid-answer: the provider’s socket closes, the part is kept, and nothing comes after', async () => {
    slow()
    const { runId, sessionId } = await ask(url, { message: 'stop me' })
    const stream = await follow(sessionId)
    await stream.until('message', 5)
    const { status, body } = await cancel(url, runId)
    await waitFor(() => fake.openStreams === 0, { what: 'the provider’s socket to close' })
    expect(fake.requests[0]).toMatchObject({ closedByClient: true })
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'cancelled' } })
    await stream.until('workflow_finished')
    const messages = await getMessages(url, sessionId)
    expect(messages[1]).toMatchObject({
      id: body.answerId,
      partial: true,
      finishReason: 'cancelled',
      content: textOf(stream.events),
    })
    expect(messages[1]?.usage?.outputTokens).toBeGreaterThan(0)
    const seen = stream.events.length
    expect(await cancel(url, runId)).toMatchObject({ status: 200, body })
    expect(stream.events).toHaveLength(seen)
    stream.close()
  })

  test('stop while waiting: ends at once, and its end enters the log in its turn', async () => {
    slow()
    const first = await ask(url, { message: 'one' })
    const second = await ask(url, { sessionId: first.sessionId, message: 'two' })
    const third = await ask(url, { sessionId: first.sessionId, message: 'three' })
    const watching = await follow(first.sessionId)
    await watching.until('message')
    expect((await cancel(url, second.runId)).body).toEqual({ runId: second.runId, status: 'cancelled', answerId: null })
    expect(await watching.until('workflow_finished')).toMatchObject({
      id: '',
      data: { runId: second.runId, status: 'cancelled' },
    })
    fake.behave({ count: 2 })
    await cancel(url, first.runId)
    await ended(third.runId)
    await watching.until('workflow_finished', 4)
    const told = watching.events.filter((event) => event.event === 'workflow_finished')
    expect(told.map((event) => [event.data.runId, event.id !== ''])).toEqual([
      [second.runId, false],
      [first.runId, true],
      [second.runId, true],
      [third.runId, true],
    ])
    watching.close()
    const events = await readStream(`${url}${first.eventsUrl}?until=idle&after=0-0`)
    const ends = events.filter((event) => event.event === 'workflow_finished')
    expect(ends.map((event) => [event.data.runId, event.data.status])).toEqual([
      [first.runId, 'cancelled'],
      [second.runId, 'cancelled'],
      [third.runId, 'succeeded'],
    ])
  })

  test('stop after the end changes nothing', async () => {
    fake.behave({ count: 2 })
    const { runId } = await ask(url, { message: 'quick' })
    const run = await ended(runId)
    expect((await cancel(url, runId)).body).toEqual({ runId, status: 'succeeded', answerId: run.answerId })
  })

  test('F27: a client that goes away stops nothing', async () => {
    slow(30)
    const response = await fetch(`${url}/api/chat`, {
      method: 'POST',
      headers: { ...stack.auth, 'content-type': 'application/json' },
      body: '{"mode":"stream","message":"bye"}',
    })
    const reader = response.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    await waitFor(() => fake.requests.length === 1, { what: 'the model to be asked' })
    await reader?.cancel()
    expect(value).toBeDefined()
    await waitFor(() => fake.openStreams === 0, { what: 'the answer to be over' })
    expect(fake.requests[0]).toMatchObject({ tokensSent: 30, closedByClient: false })
  })

  test('a deadline that passes mid-answer: expired, with the part and the reason', async () => {
    slow()
    // Long enough for a stalled machine to begin before it.
    const { runId, sessionId } = await ask(url, { message: 'slow', deadlineMs: 4000 })
    expect(await ended(runId)).toMatchObject({ status: 'expired', error: { code: 'deadline_exceeded' } })
    expect((await getMessages(url, sessionId))[1]).toMatchObject({ partial: true })
    await waitFor(() => fake.openStreams === 0, { what: 'the provider’s socket to close' })
  })

  test.each([
    ['500', 'model_unavailable'],
    ['cut', 'model_unavailable'],
    ['garbage', 'model_failed'],
    ['401', 'model_rejected'],
  ])('F20, F21: a provider that answers with %s fails the run by a class, without its words', async (fail, code) => {
    fake.behave({ fail: /^\d+$/.test(fail) ? Number(fail) : (fail as 'cut'), after: 3 })
    const { runId, sessionId } = await ask(url, { message: 'fail' })
    const run = await ended(runId)
    expect(run).toMatchObject({ status: 'failed', error: { code } })
    const events = await readStream(`${url}/api/sessions/${sessionId}/events?until=idle&after=0-0`)
    expect(events.map((event) => event.event).slice(-1)).toEqual(['workflow_finished'])
    expect(events.find((event) => event.event === 'error')?.data.error).toMatchObject({ code })
    expect(JSON.stringify(events)).not.toContain('test-key')
  })

  test('F7: a malformed message becomes a dead letter, a run no one knows is acknowledged', async () => {
    const { broker } = stack.deps
    const publish = (body: string): Promise<void> =>
      broker.publish({
        exchange: EXCHANGES.questions,
        routingKey: QUEUES.questions,
        messageId: newId(),
        body: Buffer.from(body),
      })
    const kept = async (): Promise<unknown[]> =>
      (await call<{ items: unknown[] }>(`${url}/api/dead-letters`)).body.items
    expect(await kept()).toEqual([])
    await publish('not json')
    await publish(JSON.stringify({ schemaVersion: 1, runId: newId(), sessionId: newId() }))
    await waitFor(async () => (await kept()).length === 1, { what: 'the dead letter' })
    for (const queue of [QUEUES.questions, QUEUES.questionsDead])
      await waitFor(async () => (await broker.inspect(queue)).messages === 0, { what: `an empty ${queue}` })
    expect(await kept()).toHaveLength(1)
  })

  test('F9: a question delivered twice is answered once', async () => {
    fake.behave({ hold: true })
    const { runId, sessionId } = await ask(url, { message: 'twice' })
    await waitFor(() => fake.openStreams === 1, { what: 'the model to be asked' })
    const body = Buffer.from(JSON.stringify({ schemaVersion: 1, runId, sessionId }))
    await stack.deps.broker.publish({
      exchange: EXCHANGES.questions,
      routingKey: QUEUES.questions,
      messageId: runId,
      body,
    })
    fake.release()
    expect(await ended(runId)).toMatchObject({ status: 'succeeded', attempt: 1 })
    await stack.deps.broker.publish({
      exchange: EXCHANGES.questions,
      routingKey: QUEUES.questions,
      messageId: runId,
      body,
    })
    await waitFor(async () => (await stack.deps.broker.inspect(QUEUES.questions)).messages === 0, {
      what: 'an empty queue',
    })
    expect(fake.requests).toHaveLength(1)
    expect(await getMessages(url, sessionId)).toHaveLength(2)
  })

  test('F32: a worker that is told to stop hands back what it cannot finish, at no cost, and another goes on', async () => {
    slow()
    const { runId, sessionId } = await ask(url, { message: 'long' })
    const stream = await follow(sessionId)
    await stream.until('message', 3)
    fake.behave({ count: 4 })
    const [old] = stack.workers
    await stack.addWorker()
    await old?.close()
    await stream.until('workflow_finished')
    expect(await getRun(url, runId)).toMatchObject({ status: 'succeeded', attempt: 2 })
    const messages = await getMessages(url, sessionId)
    expect(messages).toHaveLength(2)
    expect(textOf(stream.events)).toBe(messages[1]?.content)
    stream.close()
  }, 60_000)
})
