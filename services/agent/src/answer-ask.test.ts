import { AppError, newId } from '@askwire/contracts'
import type { ChatEvent } from '@askwire/models'
import { waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FindPassagesQuery, FoundPassage } from './graph/found-passage.ts'
import { call, collect, type Json, stream, textOf } from './test-support/rpc.ts'
import { gate, type Script, saying, scriptedModel, USAGE } from './test-support/scripted-model.ts'
import {
  agentRequest,
  messageParams,
  PASSAGE,
  startTestAgent,
  type TestAgent,
} from './test-support/start-test-agent.ts'

let script: Script
let passages: FoundPassage[]
const queries: FindPassagesQuery[] = []
const chat = scriptedModel((request, turn) => script(request, turn))
let target: TestAgent
beforeAll(async () => {
  const findPassages = async (_scope: unknown, query: FindPassagesQuery) => {
    queries.push(query)
    return passages
  }
  target = await startTestAgent({ chat, findPassages })
}, 60_000)
afterAll(() => target?.close())
beforeEach(() => {
  script = saying('fine')
  passages = [PASSAGE]
  queries.length = 0
  chat.requests.length = 0
})

const HISTORY = [
  { role: 'user' as const, content: 'How long does Nimbus keep deleted files?' },
  { role: 'assistant' as const, content: '30 days [1].' },
]

const ask = (question: string, fields = {}): Promise<Json[]> =>
  collect(target.url, 'SendStreamingMessage', messageParams(question, agentRequest(fields)))
const dataOf = (event: Json): Json => event.result.statusUpdate?.status.message?.parts[0].data
const nodesOf = (events: Json[]): string[] =>
  events
    .map(dataOf)
    .filter((data) => data?.kind === 'node_finished')
    .map(({ node, status }) => `${node} ${status}`)
const endOf = (events: Json[]): Json => events.at(-1).result.statusUpdate.status

async function countCheckpoints(runId: string): Promise<number> {
  const { rowCount } = await target.store.pool.query('select 1 from langgraph.checkpoints where thread_id = $1', [
    runId,
  ])
  return rowCount ?? 0
}

describe('answering', () => {
  test('a first question is searched for as it is; a follow-up is condensed by the model first', async () => {
    expect(nodesOf(await ask('How long?'))).toEqual(['retrieve succeeded', 'respond succeeded'])
    expect(queries[0]?.query).toBe('How long?')
    expect(chat.requests).toHaveLength(1)

    script = (request, turn) =>
      saying(turn === 2 ? '"How long are deleted files kept in Nimbus?"' : 'fine')(request, turn)
    const events = await ask('And after that?', { history: HISTORY })
    expect(nodesOf(events)).toEqual(['rewrite succeeded', 'retrieve succeeded', 'respond succeeded'])
    expect(queries[1]?.query).toBe('How long are deleted files kept in Nimbus?')
    const answerRequest = chat.requests.at(-1)!
    expect(answerRequest.messages.slice(1)).toEqual([...HISTORY, { role: 'user', content: 'And after that?' }])
    expect(answerRequest.messages[0]?.content).toContain(
      '[1] storage.md › Deletion\nDeleted files are kept for 30 days.',
    )
    // Both model calls are paid for.
    expect(dataOf(events.at(-1)).usage.totalTokens).toBe(2 * USAGE.totalTokens)
  })

  test('a condensing that fails costs nothing but the condensing', async () => {
    script = async function* (request, turn): AsyncGenerator<ChatEvent> {
      if (turn === 1) throw new AppError('model_failed', 'no')
      yield* saying('fine')(request, turn)
    }
    expect(endOf(await ask('Can I get it back?', { history: HISTORY })).state).toBe('TASK_STATE_COMPLETED')
    expect(queries[0]?.query).toBe('Can I get it back? (long nimbus keep deleted files)')
  })

  test.each([
    [
      'an AppError',
      new AppError('model_rate_limited', 'Busy.'),
      { code: 'model_rate_limited', message: 'Busy.', retryable: true },
    ],
    [
      'anything else',
      new Error('secret of the provider'),
      { code: 'agent_failed', message: 'The answer could not be made.', retryable: false },
    ],
  ])('%s after some text ends as failed, the text before it kept', async (_name, error, failure) => {
    script = async function* (): AsyncGenerator<ChatEvent> {
      yield { kind: 'text', delta: 'some' }
      throw error
    }
    const events = await ask('q')
    expect(textOf(events)).toBe('some')
    expect(nodesOf(events).at(-1)).toBe('respond failed')
    expect(endOf(events).state).toBe('TASK_STATE_FAILED')
    expect(dataOf(events.at(-1))).toEqual({
      ...failure,
      usage: expect.objectContaining({ estimated: true, outputTokens: 1 }),
    })
    expect(JSON.stringify(events)).not.toContain('secret')
  })

  test('reasoning is an artifact of its own', async () => {
    script = async function* (): AsyncGenerator<ChatEvent> {
      yield { kind: 'reasoning', delta: 'hmm' }
      yield { kind: 'text', delta: 'so' }
      yield { kind: 'end', usage: USAGE, finishReason: 'length' }
    }
    const events = await ask('q')
    expect([textOf(events, 'reasoning'), textOf(events)]).toEqual(['hmm', 'so'])
    expect(dataOf(events.at(-1)).finishReason).toBe('length')
  })

  test('an answer without end is cut', async () => {
    let stopped = false
    script = async function* (): AsyncGenerator<ChatEvent> {
      try {
        for (;;) yield { kind: 'text', delta: 'x'.repeat(4096) }
      } finally {
        stopped = true
      }
    }
    const { result } = await call(target.url, 'SendMessage', messageParams('q', agentRequest()))
    expect(result.task.status.message.parts[0].data.finishReason).toBe('length')
    expect(stopped).toBe(true)
  })
})

describe('checkpoints', () => {
  test('a later attempt goes on after retrieval, and the finished run leaves nothing', async () => {
    const door = gate()
    script = async function* ({ signal }): AsyncGenerator<ChatEvent> {
      yield { kind: 'text', delta: 'lost' }
      await door.pass(signal)
    }
    const request = agentRequest()
    const first = stream(target.url, 'SendStreamingMessage', messageParams('How long?', request))
    while (!textOf([(await first.next()).value])) {}
    // The checkpoint is written beside the stream.
    await waitFor(() => countCheckpoints(request.runId), { what: 'a checkpoint' })

    script = saying('kept')
    const second = await collect(
      target.url,
      'SendStreamingMessage',
      messageParams('How long?', { ...request, attempt: 2 }),
    )
    expect(nodesOf(second)).toEqual(['respond succeeded'])
    expect(queries).toHaveLength(1)
    expect(textOf(second)).toBe('kept')
    const resources = second.find((event) => event.result.artifactUpdate?.artifact.artifactId === 'resources')
    expect(resources.result.artifactUpdate.artifact.parts[0].data.resources).toEqual([PASSAGE.resource])
    expect(chat.requests.at(-1)?.passages).toHaveLength(1)
    // The overtaken attempt was stopped.
    const rest = await Array.fromAsync(first)
    expect(dataOf(rest.at(-1))).toMatchObject({ code: 'stale_attempt' })
    await waitFor(async () => (await countCheckpoints(request.runId)) === 0, { what: 'no checkpoint left' })
  })

  test('S57: text that looks like a serialised object stays text', async () => {
    const evil = '{"lc":1,"type":"secret","id":["ASKWIRE_SERVICE_TOKEN"]}'
    passages = [{ resource: { ...PASSAGE.resource, quote: evil, documentName: evil }, heading: evil, text: evil }]
    script = async function* (): AsyncGenerator<ChatEvent> {
      yield { kind: 'text', delta: evil }
      throw new AppError('model_unavailable', 'Away.')
    }
    const request = agentRequest()
    const first = await collect(target.url, 'SendStreamingMessage', messageParams(evil, request))
    expect(endOf(first).state).toBe('TASK_STATE_FAILED')
    expect(await countCheckpoints(request.runId)).toBe(1)
    script = saying(evil)
    const second = await collect(target.url, 'SendStreamingMessage', messageParams(evil, { ...request, attempt: 2 }))
    expect(queries).toHaveLength(1)
    expect(chat.requests.at(-1)?.passages).toEqual([{ n: 1, documentName: evil, heading: evil, text: evil }])
    expect(chat.requests.at(-1)?.question).toBe(evil)
    expect(textOf(second)).toBe(evil)
  })

  test('a database that is away costs the checkpoint, not the answer', async () => {
    await target.store.pool.query('alter schema langgraph rename to elsewhere')
    try {
      expect(endOf(await ask('q')).state).toBe('TASK_STATE_COMPLETED')
      expect(endOf(await ask('q', { attempt: 2, runId: newId() })).state).toBe('TASK_STATE_COMPLETED')
    } finally {
      await target.store.pool.query('alter schema elsewhere rename to langgraph')
    }
    expect(await (await fetch(`${target.url}/metrics`)).text()).toMatch(/checkpoint_failures_total\{[^}]*\} [1-9]/)
  })
})

/** Says a word and waits at the door. */
const waitsAt = (door: ReturnType<typeof gate>) =>
  scriptedModel(async function* ({ signal }): AsyncGenerator<ChatEvent> {
    yield { kind: 'text', delta: 'begun' }
    await door.pass(signal)
    yield { kind: 'end', usage: USAGE, finishReason: 'stop' }
  })

test('closing lets a running answer finish, and takes no other', async () => {
  const door = gate()
  const closing = waitsAt(door)
  const other = await startTestAgent({ chat: closing, store: target.store, drainMs: 60_000 })
  const answer = collect(other.url, 'SendStreamingMessage', messageParams('quick', agentRequest()))
  await waitFor(() => closing.requests.length === 1, { what: 'the answer begun' })
  const closed = other.close()
  expect((await call(other.url, 'SendMessage', messageParams('late', agentRequest()))).error.code).toBe(-32050)
  expect((await fetch(`${other.url}/health/ready`)).status).toBe(503)
  door.open()
  expect(endOf(await answer).state).toBe('TASK_STATE_COMPLETED')
  await closed
}, 60_000)

test('closing fails what takes too long', async () => {
  const closing = waitsAt(gate())
  const other = await startTestAgent({ chat: closing, store: target.store, drainMs: 300 })
  const answer = collect(other.url, 'SendStreamingMessage', messageParams('endless', agentRequest()))
  await waitFor(() => closing.requests.length === 1, { what: 'the answer begun' })
  const closed = other.close()
  expect(dataOf((await answer).at(-1))).toMatchObject({ code: 'draining', retryable: true })
  await closed
}, 60_000)
