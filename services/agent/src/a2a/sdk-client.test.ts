import { SendMessageRequest, type StreamResponse, TaskState } from '@a2a-js/sdk'
import { type Client, ClientFactory, ClientFactoryOptions, JsonRpcTransportFactory } from '@a2a-js/sdk/client'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { gate, type Script, scriptedModel, USAGE } from '../test-support/scripted-model.ts'
import {
  agentRequest,
  authorization,
  messageParams,
  startTestAgent,
  type TestAgent,
} from '../test-support/start-test-agent.ts'

const gates = new Map<string, ReturnType<typeof gate>>()
/** Says half, waits at the gate of its question if it has one, says the rest. */
const halves: Script = async function* ({ question, signal }) {
  yield { kind: 'text', delta: 'first half, ' }
  await gates.get(question)?.pass(signal)
  yield { kind: 'text', delta: 'second half' }
  yield { kind: 'end', usage: USAGE, finishReason: 'stop' }
}

let target: TestAgent
let client: Client
beforeAll(async () => {
  target = await startTestAgent({ chat: scriptedModel(halves) })
  const fetchImpl: typeof fetch = async (url, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', await authorization())
    return await fetch(url, { ...init, headers })
  }
  const transports = [new JsonRpcTransportFactory({ fetchImpl })]
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports })
  client = await new ClientFactory(options).createFromUrl(target.url)
}, 60_000)
afterAll(() => target?.close())

const params = (question: string, fields = {}) =>
  SendMessageRequest.fromJSON(messageParams(question, agentRequest(fields)))

function gated(question: string): ReturnType<typeof gate> {
  const made = gate()
  gates.set(question, made)
  return made
}

function answerOf(events: readonly StreamResponse[]): string {
  let text = ''
  for (const { payload } of events) {
    const artifact =
      payload?.$case === 'task'
        ? payload.value.artifacts.find(({ artifactId }) => artifactId === 'answer')
        : payload?.$case === 'artifactUpdate' && payload.value.artifact?.artifactId === 'answer'
          ? payload.value.artifact
          : undefined
    const piece = artifact?.parts.map(({ content }) => String(content?.value)).join('') ?? ''
    if (payload?.$case === 'task') text = piece
    if (payload?.$case === 'artifactUpdate') text = payload.value.append ? text + piece : text + piece
  }
  return text
}

/** Reads until the answer has begun. */
async function begun(events: AsyncIterator<StreamResponse>): Promise<{ taskId: string; seen: StreamResponse[] }> {
  const seen: StreamResponse[] = []
  while (answerOf(seen) === '') seen.push((await events.next()).value)
  const first = seen[0]?.payload
  return { taskId: first?.$case === 'task' ? first.value.id : '', seen }
}

describe("the SDK's own client", () => {
  test('sends and waits, then gets and lists the task', async () => {
    const task = await client.sendMessage(params('plain'))
    if (!('status' in task)) throw new Error('expected a task')
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
    expect((await client.getTask({ tenant: '', id: task.id })).artifacts).toEqual(task.artifacts)
    const listed = await client.listTasks({
      tenant: '',
      contextId: task.contextId,
      status: TaskState.TASK_STATE_UNSPECIFIED,
      pageToken: '',
      statusTimestampAfter: undefined,
    })
    expect(listed.tasks.map(({ id }) => id)).toEqual([task.id])
  })

  test('streams, and re-subscribes in the middle without gap or double', async () => {
    const door = gated('cut')
    const stream = client.sendMessageStream(params('cut'))
    const { taskId, seen } = await begun(stream)
    const again = client.resubscribeTask({ tenant: '', id: taskId })
    const rest: StreamResponse[] = [(await again.next()).value as StreamResponse]
    expect(answerOf(rest)).toBe('first half, ')
    door.open()
    for await (const event of again) rest.push(event)
    for await (const event of stream) seen.push(event)
    expect(answerOf(seen)).toBe('first half, second half')
    expect(answerOf(rest)).toBe('first half, second half')
  })

  test('cancels: the model is stopped, both streams end, the text so far stays', async () => {
    gated('stop')
    const stream = client.sendMessageStream(params('stop'))
    const { taskId, seen } = await begun(stream)
    const canceled = await client.cancelTask({ tenant: '', id: taskId, metadata: undefined })
    expect(canceled.status?.state).toBe(TaskState.TASK_STATE_CANCELED)
    for await (const event of stream) seen.push(event)
    const last = seen.at(-1)?.payload
    const data = last?.$case === 'statusUpdate' ? last.value.status?.message?.parts[0]?.content?.value : undefined
    expect(data).toMatchObject({ finishReason: 'cancelled', usage: { estimated: true } })
    expect(answerOf(seen)).toBe('first half, ')
    expect((await client.cancelTask({ tenant: '', id: taskId, metadata: undefined })).status).toEqual(canceled.status)
  })

  test('a reader that leaves and comes back at once has stopped nothing', async () => {
    const door = gated('leave')
    const left = new AbortController()
    const stream = client.sendMessageStream(params('leave'), { signal: left.signal })
    const { taskId } = await begun(stream)
    left.abort()
    await expect(stream.next()).rejects.toThrow()
    door.open()
    const rest = await Array.fromAsync(client.resubscribeTask({ tenant: '', id: taskId })).catch(() => [])
    const task = await client.getTask({ tenant: '', id: taskId })
    expect(rest.length === 0 || answerOf(rest) === 'first half, second half').toBe(true)
    expect(answerOf([{ payload: { $case: 'task', value: task } }])).toBe('first half, second half')
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
  })
})
