import { type ListTasksRequest, type ListTasksResponse, TaskState } from '@a2a-js/sdk'
import { RequestMalformedError } from '@a2a-js/sdk/errors'
import type { LiveTask } from './live-task.ts'

const DEFAULT_PAGE_SIZE = 50
const MAX_PAGE_SIZE = 100

/** A2A 1.0 §3.1.4: filters, newest state change first, pages by cursor. Throws `RequestMalformedError`. */
export function listTasks(tasks: readonly LiveTask[], request: ListTasksRequest): ListTasksResponse {
  const pageSize = request.pageSize || DEFAULT_PAGE_SIZE
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE)
    throw new RequestMalformedError(`pageSize must be between 1 and ${MAX_PAGE_SIZE}`)
  const after = request.statusTimestampAfter ? Date.parse(request.statusTimestampAfter) : undefined
  if (Number.isNaN(after)) throw new RequestMalformedError('statusTimestampAfter must be an ISO 8601 time')
  const anyState = request.status === undefined || request.status === TaskState.TASK_STATE_UNSPECIFIED

  const matching = tasks
    .filter((task) => !request.contextId || task.contextId === request.contextId)
    .filter((task) => anyState || task.state === request.status)
    .filter((task) => after === undefined || Date.parse(task.changedAt) > after)
    .sort((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1))
  const cursor = request.pageToken ? readCursor(request.pageToken) : undefined
  const rest = cursor === undefined ? matching : matching.filter((task) => sortKey(task) < cursor)
  const page = rest.slice(0, pageSize)
  const last = page.at(-1)
  return {
    tasks: page.map((task) =>
      task.snapshot({ historyLength: request.historyLength, artifacts: request.includeArtifacts === true }),
    ),
    nextPageToken: last && rest.length > page.length ? Buffer.from(sortKey(last)).toString('base64url') : '',
    pageSize,
    totalSize: matching.length,
  }
}

const sortKey = (task: LiveTask): string => `${task.changedAt}|${task.id}`

function readCursor(token: string): string {
  const cursor = Buffer.from(token, 'base64url').toString()
  if (!/^\d{4}-[^|]{1,40}\|[0-9a-f-]{36}$/.test(cursor)) throw new RequestMalformedError('pageToken is not one of ours')
  return cursor
}
