import type { ErrorBody, ErrorCode, ErrorDetail } from '@askwire/contracts'

/** What went wrong as the page shows it: a code of the protocol, or `network` when no answer came at all. */
export type FailureCode = ErrorCode | 'network'

/** A request that failed. `message` is the gateway's sentence for a person. */
export class ApiError extends Error {
  readonly code: FailureCode
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined
  /** What is wrong with which field of the request. */
  readonly details: readonly ErrorDetail[]

  constructor(
    code: FailureCode,
    message: string,
    options: {
      retryable: boolean
      retryAfterMs?: number | undefined
      requestId?: string | undefined
      details?: readonly ErrorDetail[] | undefined
      cause?: unknown
    },
  ) {
    super(message, { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs
    this.requestId = options.requestId
    this.details = options.details ?? []
  }
}

/** Anything thrown, as a failure the page can show. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('internal', String(error), { retryable: false, cause: error })
}

/** The error of a response that is not 2xx. A body that is not the protocol's (a proxy's page) becomes `internal`. */
export async function errorOfResponse(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('retry-after') ?? '')
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
  const body: unknown = await response.json().catch(() => undefined)
  if (isErrorBody(body)) {
    const { code, retryable, requestId, details } = body.error
    return new ApiError(code, body.message, { retryable, retryAfterMs, requestId, details })
  }
  const away = response.status === 502 || response.status === 503 || response.status === 504
  return new ApiError(away ? 'network' : 'internal', `HTTP ${response.status}`, { retryable: away, retryAfterMs })
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false
  const { error } = body
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}
