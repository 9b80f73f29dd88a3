import { type ListTasksRequest, Role, TaskState } from '@a2a-js/sdk'
import { newId } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { LiveTask } from './live-task.ts'
import { TaskBook } from './task-book.ts'

const NO_FILTER: ListTasksRequest = {
  tenant: '',
  contextId: '',
  status: TaskState.TASK_STATE_UNSPECIFIED,
  pageToken: '',
  statusTimestampAfter: undefined,
}

function newTask(fields: { runId?: string; attempt?: number; contextId?: string } = {}): LiveTask {
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
  return new LiveTask({ contextId: newId(), runId: newId(), attempt: 1, question, ...fields })
}

async function finish(task: LiveTask): Promise<void> {
  task.cancel()
  await task.ended
  await Promise.resolve()
}

describe('the book of tasks', () => {
  test('refuses the task beyond its bound and takes it when there is room', async () => {
    const book = new TaskBook({ maxRunning: 2 })
    const first = newTask()
    book.open(first)
    book.open(newTask())
    expect(() => book.open(newTask())).toThrow(expect.objectContaining({ code: 'overloaded' }))
    await finish(first)
    book.open(newTask())
  })

  test('keeps the newest finished tasks only, and none for ever', async () => {
    const book = new TaskBook({ maxFinished: 3 })
    const tasks = Array.from({ length: 5 }, () => newTask())
    for (const task of tasks) {
      book.open(task)
      await finish(task)
    }
    expect(tasks.map((task) => book.get(task.id) !== undefined)).toEqual([false, false, true, true, true])
    const brief = new TaskBook({ finishedTtlMs: 0 })
    const task = newTask()
    brief.open(task)
    expect(brief.get(task.id)).toBe(task)
    await finish(task)
    expect(brief.get(task.id)).toBeUndefined()
  })

  test('a later attempt stops the earlier one; an equal or earlier one is refused', async () => {
    const book = new TaskBook()
    const runId = newId()
    const first = newTask({ runId })
    book.open(first)
    const second = newTask({ runId, attempt: 2 })
    book.open(second)
    expect(first.signal.reason).toMatchObject({ code: 'stale_attempt' })
    expect(second.signal.aborted).toBe(false)
    expect(() => book.open(newTask({ runId, attempt: 2 }))).toThrow(expect.objectContaining({ code: 'stale_attempt' }))
    await finish(first)
    expect(() => book.open(newTask({ runId, attempt: 1 }))).toThrow(expect.objectContaining({ code: 'stale_attempt' }))
  })

  test('takes nothing while draining', () => {
    const book = new TaskBook()
    book.drain()
    expect(() => book.open(newTask())).toThrow(expect.objectContaining({ code: 'draining' }))
  })

  test('lists by page, session and state, newest first', async () => {
    const book = new TaskBook()
    const contextId = newId()
    const tasks = Array.from({ length: 5 }, (_, index) => newTask(index < 3 ? { contextId } : {}))
    for (const task of tasks) book.open(task)
    await finish(tasks[0]!)

    const seen: string[] = []
    let pageToken = ''
    do {
      const page = book.list({ ...NO_FILTER, pageSize: 2, pageToken })
      expect(page).toMatchObject({ pageSize: 2, totalSize: 5 })
      seen.push(...page.tasks.map(({ id }) => id))
      pageToken = page.nextPageToken
    } while (pageToken !== '')
    expect(seen.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted())
    expect(book.list({ ...NO_FILTER, contextId }).tasks).toHaveLength(3)
    expect(book.list({ ...NO_FILTER, status: TaskState.TASK_STATE_CANCELED }).tasks.map(({ id }) => id)).toEqual([
      tasks[0]!.id,
    ])
    expect(() => book.list({ ...NO_FILTER, pageSize: 101 })).toThrow('pageSize')
    expect(() => book.list({ ...NO_FILTER, pageToken: 'bm8=' })).toThrow('pageToken')
  })
})
