import { AppError, type ErrorBody, type ErrorCode, isRetryable } from '@askwire/contracts'

/** The one table from error code to HTTP status. A missing code does not compile. */
const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  invalid_event_id: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  session_busy: 409,
  idempotency_conflict: 409,
  stale_attempt: 409,
  cancelled: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  too_many_runs: 429,
  internal: 500,
  agent_failed: 502,
  model_rejected: 502,
  model_failed: 502,
  draining: 503,
  overloaded: 503,
  database_unavailable: 503,
  broker_unavailable: 503,
  broker_timeout: 503,
  broker_rejected: 503,
  cache_unavailable: 503,
  agent_unavailable: 503,
  model_unavailable: 503,
  model_rate_limited: 503,
  poison_message: 500,
  attempts_exhausted: 500,
  still_running: 504,
  agent_timeout: 504,
  model_timeout: 504,
  deadline_exceeded: 504,
}

/** HTTP status of an error code. */
export const statusOf = (code: ErrorCode): number => STATUS[code]

/** Default wait told by 429 and 503 when the error names none. */
const RETRY_AFTER_MS = 1000

/** The protocol's error body, and the seconds for `Retry-After` where the status has one. */
export function errorResponse(
  error: AppError,
  requestId: string,
): { status: number; body: ErrorBody; retryAfter?: number } {
  const status = statusOf(error.code)
  const body: ErrorBody = {
    success: false,
    status: 'error',
    message: error.message,
    error: {
      ...error.facts,
      statusCode: status,
      code: error.code,
      isOperational: error.code !== 'internal',
      retryable: isRetryable(error.code),
      requestId,
      details: error.details,
    },
  }
  if (status !== 429 && status !== 503) return { status, body }
  return { status, body, retryAfter: Math.max(1, Math.ceil((error.retryAfterMs ?? RETRY_AFTER_MS) / 1000)) }
}

/** Fastify's own refusals by their code, in the protocol's words. */
const FASTIFY_CODES: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The request body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_request', 'The request body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_request', 'The request body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The request body does not have the length it claims.'],
}

/** Anything thrown while a request was served, as an `AppError`: what is not ours is `internal`, without its text. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  const known = typeof code === 'string' ? FASTIFY_CODES[code] : undefined
  if (known) return new AppError(known[0], known[1])
  if (error instanceof SyntaxError) return new AppError('invalid_request', 'The request body is not valid JSON.')
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new AppError('invalid_request', 'The request could not be understood.')
  }
  return new AppError('internal', 'Something went wrong on our side.', { cause: error })
}
