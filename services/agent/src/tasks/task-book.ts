import type { ListTasksRequest, ListTasksResponse } from '@a2a-js/sdk'
import { AppError } from '@askwire/contracts'
import { FINISHED_TASK_TTL_MS, MAX_FINISHED_TASKS, MAX_RUNNING_TASKS } from '../limits.ts'
import { listTasks } from './list-tasks.ts'
import type { LiveTask } from './live-task.ts'

export type TaskBookLimits = { maxRunning?: number; maxFinished?: number; finishedTtlMs?: number }

/**
 * The tasks of this process. Running ones are bounded by refusing the next, finished ones by number and age. Tasks live in
 * memory only: the answer's home is the worker's commit, and a lost task is answered by a new attempt, which resumes from
 * the run's checkpoint.
 */
export class TaskBook {
  readonly #tasks = new Map<string, LiveTask>()
  /** Ids of ended tasks, oldest first, with the time they ended. */
  readonly #finished = new Map<string, number>()
  readonly #running = new Map<string, LiveTask>()
  readonly #limits: Required<TaskBookLimits>
  #draining = false

  constructor(limits: TaskBookLimits = {}) {
    this.#limits = {
      maxRunning: limits.maxRunning ?? MAX_RUNNING_TASKS,
      maxFinished: limits.maxFinished ?? MAX_FINISHED_TASKS,
      finishedTtlMs: limits.finishedTtlMs ?? FINISHED_TASK_TTL_MS,
    }
  }

  /**
   * Takes a new task in. An older attempt at the same run is stopped: no one may see what it still says. Throws
   * `stale_attempt` when this or a later attempt is already running, `overloaded` at the bound, `draining` while closing.
   */
  open(task: LiveTask): void {
    if (this.#draining) throw new AppError('draining', 'The agent is stopping.')
    const sibling = this.#running.get(task.runId)
    if (sibling && sibling.attempt >= task.attempt)
      throw new AppError('stale_attempt', 'This attempt, or a later one, is already running.')
    if (this.#running.size >= this.#limits.maxRunning)
      throw new AppError('overloaded', 'The agent answers as many questions as it can.')
    sibling?.stop(new AppError('stale_attempt', 'A later attempt has begun.'))
    this.#tasks.set(task.id, task)
    this.#running.set(task.runId, task)
    void task.ended.then(() => this.#finish(task))
  }

  get(taskId: string): LiveTask | undefined {
    this.#forgetOld()
    return this.#tasks.get(taskId)
  }

  list(request: ListTasksRequest): ListTasksResponse {
    this.#forgetOld()
    return listTasks([...this.#tasks.values()], request)
  }

  running(): readonly LiveTask[] {
    return [...this.#tasks.values()].filter((task) => !task.isEnded)
  }

  /** From now on no task is taken in. */
  drain(): void {
    this.#draining = true
  }

  get draining(): boolean {
    return this.#draining
  }

  #finish(task: LiveTask): void {
    if (this.#running.get(task.runId) === task) this.#running.delete(task.runId)
    this.#finished.set(task.id, performance.now())
    this.#forgetOld()
  }

  #forgetOld(): void {
    const oldest = performance.now() - this.#limits.finishedTtlMs
    for (const [id, endedAt] of this.#finished) {
      if (this.#finished.size <= this.#limits.maxFinished && endedAt > oldest) return
      this.#finished.delete(id)
      this.#tasks.delete(id)
    }
  }
}
