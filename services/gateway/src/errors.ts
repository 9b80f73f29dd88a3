import { AppError, type ErrorBody, type ErrorCode, errorFacts } from '@askwire/contracts'

/** Default wait told by 429 and 503 when the error names none. */
const RETRY_AFTER_MS = 1000

/** The protocol's error body, and the seconds for `Retry-After` where the status has one. */
export function errorResponse(
  error: AppError,
  requestId: string,
): { status: number; body: ErrorBody; retryAfter?: number } {
  const facts = errorFacts(error.code, requestId, error.details)
  const body: ErrorBody = {
    success: false,
    status: 'error',
    message: error.message,
    error: { ...error.facts, ...facts },
  }
  const status = facts.statusCode
  if (status !== 429 && status !== 503) return { status, body }
  return { status, body, retryAfter: Math.max(1, Math.ceil((error.retryAfterMs ?? RETRY_AFTER_MS) / 1000)) }
}

/** Fastify's own refusals by their code, in the protocol's words. */
const FASTIFY_CODES: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The request body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_request', 'The request body is not valid JSON.'],
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
