import type {
  AgentCard,
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk'
import { TaskState } from '@a2a-js/sdk'
import {
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors'
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server'
import { AppError } from '@askwire/contracts'
import { CANCEL_GRACE_MS } from '../limits.ts'
import type { LiveTask } from '../tasks/live-task.ts'
import type { TaskBook } from '../tasks/task-book.ts'
import { keepSubscription, readSignal } from './call-context.ts'
import { type Ask, parseAsk } from './parse-ask.ts'
import { toRpcError } from './rpc-errors.ts'

/** Takes a question in and begins to answer it. Throws what `TaskBook.open` throws. */
export type StartTask = (ask: Ask) => LiveTask

/**
 * The SDK's request-handler seam over our own tasks. Its default handler runs every event through a `ResultManager`, which
 * loads, clones and saves the whole task each time, stops recording when the stream's client leaves, and lets a
 * re-subscriber see events twice; here a task is one live object and a stream is a subscription to it.
 */
export class TaskRequestHandler implements A2ARequestHandler {
  readonly #card: () => AgentCard
  readonly #book: TaskBook
  readonly #start: StartTask

  constructor(options: { card: () => AgentCard; book: TaskBook; start: StartTask }) {
    this.#card = options.card
    this.#book = options.book
    this.#start = options.start
  }

  async getAgentCard(): Promise<AgentCard> {
    return this.#card()
  }

  /** Answers at once with `returnImmediately`, else when the task has ended. The task goes on when the caller leaves. */
  async sendMessage(request: SendMessageRequest, context: ServerCallContext): Promise<Task> {
    const task = this.#ask(request)
    if (request.configuration?.returnImmediately !== true) await endOf(task, readSignal(context))
    return task.snapshot({ historyLength: request.configuration?.historyLength })
  }

  // The two streams are plain functions, so that what they refuse is thrown at the call and answered as one JSON response.
  sendMessageStream(request: SendMessageRequest, context: ServerCallContext): AsyncGenerator<StreamResponse, void> {
    const task = this.#ask(request)
    return streamOf(task, context, request.configuration?.historyLength)
  }

  resubscribe(request: SubscribeToTaskRequest, context: ServerCallContext): AsyncGenerator<StreamResponse, void> {
    const task = this.#find(request.id)
    // A2A 1.0 §3.1.6: a task that has ended cannot be subscribed to; GetTask has it all.
    if (task.isEnded) throw new UnsupportedOperationError('The task has ended.')
    return streamOf(task, context)
  }

  async getTask(request: GetTaskRequest): Promise<Task> {
    return this.#find(request.id).snapshot({ historyLength: request.historyLength })
  }

  async listTasks(request: ListTasksRequest): Promise<ListTasksResponse> {
    return this.#book.list(request)
  }

  /** Answers when the task has ended: with the task when it was canceled, else `TaskNotCancelableError`. Idempotent. */
  async cancelTask(request: CancelTaskRequest): Promise<Task> {
    const task = this.#find(request.id)
    if (!task.isEnded) {
      task.stop(new AppError('cancelled', 'The answer was stopped.'))
      await endWithin(task, CANCEL_GRACE_MS)
      // A run that does not heed its signal must not keep the task open; what it still says is dropped.
      task.cancel()
    }
    if (task.state !== TaskState.TASK_STATE_CANCELED) throw new TaskNotCancelableError('The task has already ended.')
    return task.snapshot()
  }

  async getAuthenticatedExtendedAgentCard(): Promise<AgentCard> {
    throw new UnsupportedOperationError('There is no extended agent card.')
  }

  async createTaskPushNotificationConfig(): Promise<TaskPushNotificationConfig> {
    throw new PushNotificationNotSupportedError()
  }

  async getTaskPushNotificationConfig(): Promise<TaskPushNotificationConfig> {
    throw new PushNotificationNotSupportedError()
  }

  async listTaskPushNotificationConfigs(): Promise<never> {
    throw new PushNotificationNotSupportedError()
  }

  async deleteTaskPushNotificationConfig(): Promise<void> {
    throw new PushNotificationNotSupportedError()
  }

  #ask(request: SendMessageRequest): LiveTask {
    try {
      return this.#start(parseAsk(request))
    } catch (error) {
      throw toRpcError(error)
    }
  }

  #find(taskId: string): LiveTask {
    const task = this.#book.get(taskId)
    if (!task) throw new TaskNotFoundError('There is no such task.')
    return task
  }
}

/** The subscription is left in the context too: written from there, an event passes neither the SDK's iterators nor its objects. */
function streamOf(task: LiveTask, context: ServerCallContext, historyLength?: number) {
  const subscription = task.subscribe({ signal: readSignal(context), historyLength })
  keepSubscription(context, subscription)
  return subscription[Symbol.asyncIterator]()
}

/** Resolves at the task's end, or when the caller has left. */
async function endOf(task: LiveTask, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  let leave = (): void => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
    signal.addEventListener('abort', leave, { once: true })
  })
  await Promise.race([task.ended, left])
  signal.removeEventListener('abort', leave)
}

async function endWithin(task: LiveTask, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([task.ended, late])
  clearTimeout(timer)
}
