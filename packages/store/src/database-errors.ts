import { types } from 'node:util'
import { AppError } from '@askwire/contracts'

/** SQLSTATE classes that say the server is gone, full, shutting down or too slow; not that the statement was wrong. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58'])
/** Lock not available, deadlock, serialisation failure: the same request may succeed when sent again. */
const UNAVAILABLE_STATES = new Set(['55P03', '40P01', '40001', '25006'])
/** Node's codes of a socket that could not be opened or was lost. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EMFILE',
  'ENFILE',
])
/** What `pg` and `pg-pool` say without a code (their sources: pg 8.23, pg-pool 3). */
const DRIVER_MESSAGES = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end',
  'timeout expired',
]

/** True when the error means that the database cannot serve now, as opposed to a statement it refused. */
export function isUnavailable(error: unknown): boolean {
  if (!types.isNativeError(error)) return false
  // Node tries each address of a host and reports all of them.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.some(isUnavailable)) return true
  const code = sqlState(error)
  if (code !== undefined && SOCKET_CODES.has(code)) return true
  if (code?.length === 5) return UNAVAILABLE_CLASSES.has(code.slice(0, 2)) || UNAVAILABLE_STATES.has(code)
  return DRIVER_MESSAGES.some((message) => error.message.includes(message))
}

/** The same error, or an `AppError('database_unavailable')` around it when the database cannot serve now. */
export function translateDatabaseError(error: unknown): unknown {
  if (!isUnavailable(error)) return error
  return new AppError('database_unavailable', 'The database cannot be reached at the moment.', {
    cause: error,
    retryAfterMs: 1000,
  })
}

/** The name of the unique constraint or index that refused a row, else undefined. */
export function violatedUnique(error: unknown): string | undefined {
  if (!types.isNativeError(error) || sqlState(error) !== '23505') return undefined
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined
}

/** Whether a foreign key refused it: what it names is gone, or what it would delete is in use. */
export function violatedForeignKey(error: unknown): boolean {
  return types.isNativeError(error) && sqlState(error) === '23503'
}

function sqlState(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
