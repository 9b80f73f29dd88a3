import { z } from 'zod'

/** Every error code Askwire may answer with. The list is closed: clients switch on it. */
export const ERROR_CODES = [
  'invalid_request',
  'invalid_event_id',
  'not_found',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'unauthenticated',
  'forbidden',
  'password_required',
  'mfa_required',
  'conflict',
  'gone',
  'rate_limited',
  'session_busy',
  'too_many_runs',
  'idempotency_conflict',
  'still_running',
  'draining',
  'overloaded',
  'database_unavailable',
  'broker_unavailable',
  'broker_timeout',
  'broker_rejected',
  'cache_unavailable',
  'agent_unavailable',
  'agent_timeout',
  'agent_failed',
  'model_unavailable',
  'model_rate_limited',
  'model_timeout',
  'model_rejected',
  'model_failed',
  'deadline_exceeded',
  'attempts_exhausted',
  'poison_message',
  'stale_attempt',
  'cancelled',
  'internal',
] as const

export const errorCode = z.enum(ERROR_CODES)
export type ErrorCode = (typeof ERROR_CODES)[number]

/** Codes after which the same request may succeed when sent again. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'rate_limited',
  'session_busy',
  'too_many_runs',
  'still_running',
  'draining',
  'overloaded',
  'database_unavailable',
  'broker_unavailable',
  'broker_timeout',
  'broker_rejected',
  'cache_unavailable',
  'agent_unavailable',
  'agent_timeout',
  'model_unavailable',
  'model_rate_limited',
  'model_timeout',
])

export const errorDetail = z.object({ path: z.string(), message: z.string() })
export type ErrorDetail = z.infer<typeof errorDetail>

/** Facts that belong into the error object, such as the `runId` of a `session_busy`. Never internals. */
export type ErrorFacts = { runId?: string; sessionId?: string }

export type AppErrorOptions = {
  cause?: unknown
  details?: ErrorDetail[]
  facts?: ErrorFacts
  /** How long a client should wait before it tries again. */
  retryAfterMs?: number
}

/**
 * The one error class: a code from the closed list and a sentence for a person. Transports translate the code
 * (the gateway to an HTTP status, the agent to a JSON-RPC code); no one else knows a status.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetail[]
  readonly facts: ErrorFacts
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details ?? []
    this.facts = options.facts ?? {}
    this.retryAfterMs = options.retryAfterMs
  }

  get retryable(): boolean {
    return isRetryable(this.code)
  }
}

/** True when the same request may succeed when sent again. */
export function isRetryable(code: ErrorCode): boolean {
  return RETRYABLE.has(code)
}

/** The one table from error code to HTTP status, which error objects show in streams too. A missing code does not compile. */
const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  invalid_event_id: 400,
  unauthenticated: 401,
  mfa_required: 401,
  forbidden: 403,
  password_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  session_busy: 409,
  idempotency_conflict: 409,
  stale_attempt: 409,
  cancelled: 409,
  gone: 410,
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

/** The error stored on a run's row and sent in its `error` event. */
export const runError = z.object({ code: errorCode, message: z.string(), retryable: z.boolean() })
export type RunError = z.infer<typeof runError>

/** A run's error from anything thrown. Only an `AppError` speaks for itself; all else is `internal`, without its text. */
export function toRunError(error: unknown): RunError {
  if (error instanceof AppError) return { code: error.code, message: error.message, retryable: error.retryable }
  return { code: 'internal', message: 'Something went wrong while answering.', retryable: false }
}

const errorObject = z.object({
  statusCode: z.int(),
  code: errorCode,
  isOperational: z.boolean(),
  retryable: z.boolean(),
  requestId: z.string(),
  details: z.array(errorDetail),
})

/** The facts of an error that all error objects share. `requestId` is the request's, or the run's id where there is none. */
export function errorFacts(
  code: ErrorCode,
  requestId: string,
  details: ErrorDetail[] = [],
): z.infer<typeof errorObject> {
  return {
    statusCode: STATUS[code],
    code,
    isOperational: code !== 'internal',
    retryable: isRetryable(code),
    requestId,
    details,
  }
}

/** A run's error as its `error` event and `GET /api/runs/:runId` tell it. */
export const runErrorView = errorObject.extend({ message: z.string() })
export type RunErrorView = z.infer<typeof runErrorView>

/** The stored error of a run, as clients see it. */
export function toRunErrorView(error: RunError, runId: string): RunErrorView {
  return { ...errorFacts(error.code, runId), retryable: error.retryable, message: error.message }
}

/** The error body of every route outside `/v1`. */
export const errorBody = z.object({
  success: z.literal(false),
  status: z.literal('error'),
  message: z.string(),
  error: errorObject.extend({
    /** The run that keeps the session busy, or goes on after `still_running`. */
    runId: z.string().optional(),
    sessionId: z.string().optional(),
  }),
})
export type ErrorBody = z.infer<typeof errorBody>
