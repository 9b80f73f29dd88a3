import { Role, type StreamResponse, TaskState } from '@a2a-js/sdk'
import { type AgentResult, newId } from '@askwire/contracts'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { MAX_SUBSCRIBER_CHARS } from '../limits.ts'
import { USAGE } from '../test-support/scripted-model.ts'
import { LiveTask } from './live-task.ts'

const RESULT: AgentResult = { model: 'm', usage: USAGE, finishReason: 'stop' }

function newTask(): LiveTask {
  const question = {
    messageId: newId(),
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  }
  return new LiveTask({ contextId: newId(), runId: newId(), attempt: 1, question })
}

/** The answer that a reader of these events ends up with, by the rules of A2A: no `append` begins the artifact anew. */
function answerOf(events: readonly StreamResponse[]): string {
  let text = ''
  for (const { payload } of events) {
    if (payload?.$case === 'task')
      text = partsText(payload.value.artifacts.find(({ artifactId }) => artifactId === 'answer')?.parts)
    if (payload?.$case === 'artifactUpdate' && payload.value.artifact?.artifactId === 'answer') {
      const piece = partsText(payload.value.artifact.parts)
      text = payload.value.append ? text + piece : piece
    }
  }
  return text
}

const partsText = (parts: readonly { content?: { $case: string; value: unknown } | undefined }[] = []): string =>
  parts.map(({ content }) => String(content?.value ?? '')).join('')

afterEach(() => void jest.useRealTimers())

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a live task', () => {
  test('a subscriber at any point has the whole answer, once', async () => {
    const task = newTask()
    const readers: Promise<StreamResponse[]>[] = []
    const subscribe = (): void => void readers.push(Array.fromAsync(task.subscribe()))
    subscribe()
    for (let index = 0; index < 50; index += 1) {
      task.text('answer', `<${index}>`)
      if (index % 3 === 0) await turn()
      if (index % 7 === 0) subscribe()
    }
    task.complete(RESULT)
    const whole = Array.from({ length: 50 }, (_, index) => `<${index}>`).join('')
    for (const events of await Promise.all(readers)) {
      expect(answerOf(events)).toBe(whole)
      expect(events[0]?.payload?.$case).toBe('task')
      expect(events.filter(({ payload }) => payload?.$case === 'task')).toHaveLength(1)
      const last = events.at(-1)?.payload
      expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
    }
  })

  test('what comes in one turn leaves as one event; reasoning and answer keep their order', async () => {
    const task = newTask()
    const events = Array.fromAsync(task.subscribe())
    task.text('reasoning', 'a')
    task.text('reasoning', 'b')
    task.text('answer', 'c')
    task.text('answer', 'd')
    task.text('reasoning', 'e')
    task.complete(RESULT)
    const pieces = (await events)
      .map(({ payload }) => (payload?.$case === 'artifactUpdate' ? payload.value : undefined))
      .filter((update) => update !== undefined)
      .map((update) => [update.artifact?.artifactId, partsText(update.artifact?.parts), update.append])
    expect(pieces).toEqual([
      ['reasoning', 'ab', false],
      ['answer', 'cd', false],
      ['reasoning', 'e', true],
    ])
  })

  test('steps told one by one leave together, after a moment or with the first text', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const task = newTask()
    const subscription = task.subscribe()
    const first = subscription.take()
    for (const node of ['a', 'b', 'c']) {
      task.progress({ kind: 'node_started', node, title: node })
      await turn()
    }
    jest.advanceTimersByTime(5)
    expect(await first).toHaveLength(4)
    task.progress({ kind: 'node_started', node: 'd', title: 'd' })
    task.text('answer', 'x')
    expect(await subscription.take()).toHaveLength(2)
    task.complete(RESULT)
    expect(await subscription.take()).toHaveLength(1)
    expect(await subscription.take()).toBeUndefined()
    subscription.close()
  })

  test('a busy reader finds everything gathered into one event', async () => {
    const task = newTask()
    const reader = task.subscribe()[Symbol.asyncIterator]()
    await reader.next()
    for (let index = 0; index < 1000; index += 1) {
      task.text('answer', 'x')
      if (index % 100 === 0) await turn()
    }
    const { value } = await reader.next()
    expect(answerOf([value as StreamResponse])).toHaveLength(1000)
    await reader.return()
  })

  test('a reader too far behind is dropped; the task and other readers go on', async () => {
    const task = newTask()
    const slow = task.subscribe()[Symbol.asyncIterator]()
    await slow.next()
    const fast = Array.fromAsync(task.subscribe())
    const piece = 'x'.repeat(1024)
    for (let chars = 0; chars <= MAX_SUBSCRIBER_CHARS; chars += piece.length) {
      task.text('answer', piece)
      await turn()
    }
    await expect(slow.next()).rejects.toMatchObject({ code: 'overloaded' })
    task.complete(RESULT)
    expect(answerOf(await fast)).toHaveLength(MAX_SUBSCRIBER_CHARS + 1024)
    expect(answerOf(await Array.fromAsync(task.subscribe()))).toHaveLength(MAX_SUBSCRIBER_CHARS + 1024)
  })

  test('the first terminal state stays; nothing is said after it', async () => {
    const task = newTask()
    task.text('answer', 'partial')
    task.cancel()
    task.text('answer', ' and more')
    task.complete(RESULT)
    task.fail({ code: 'agent_failed', message: 'no', retryable: false })
    await task.ended
    expect(task.state).toBe(TaskState.TASK_STATE_CANCELED)
    expect(answerOf(await Array.fromAsync(task.subscribe()))).toBe('partial')
  })

  test('a task whose last reader has left for good is told to stop, one with a reader is not', async () => {
    const [lonely, read] = [newTask(), newTask()]
    const stay = read.subscribe()[Symbol.asyncIterator]()
    await stay.next()
    for (const task of [lonely, read]) {
      const left = new AbortController()
      const reader = task.subscribe({ signal: left.signal })[Symbol.asyncIterator]()
      await reader.next()
      const last = reader.next()
      left.abort()
      await last
    }
    await new Promise<void>((resolve) => lonely.signal.addEventListener('abort', () => resolve(), { once: true }))
    expect(lonely.signal.reason).toMatchObject({ code: 'agent_unavailable', retryable: true })
    expect(read.signal.aborted).toBe(false)
    await stay.return(undefined)
  })

  test('a reader that leaves while it waits is let go', async () => {
    const task = newTask()
    const left = new AbortController()
    const reader = task.subscribe({ signal: left.signal })[Symbol.asyncIterator]()
    await reader.next()
    const waiting = reader.next()
    left.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })
})
