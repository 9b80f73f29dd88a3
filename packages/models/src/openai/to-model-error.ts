import { AppError } from '@askwire/contracts'
import { ProviderConnectionError } from './provider-connection.ts'

/**
 * The `model_*` error for what a provider's client threw. Says what class of thing went wrong and never repeats a word of
 * the provider's, nor the key: both could reach users and logs.
 */
export function toModelError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const status = statusOf(error)
  const cause = new Error(status === undefined ? nameOf(error) : `HTTP ${status}`)
  if (status === 429) {
    const retryAfterMs = retryAfterOf(error)
    return new AppError('model_rate_limited', 'The model provider limits our requests.', {
      cause,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  }
  if (status === 408 || status === 504) return new AppError('model_timeout', 'The model provider timed out.', { cause })
  if (status !== undefined && status >= 500) {
    const retryAfterMs = retryAfterOf(error)
    return new AppError('model_unavailable', `The model provider has a problem (HTTP ${status}).`, {
      cause,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  }
  if (status !== undefined) {
    return new AppError('model_rejected', `The model provider refused the request (HTTP ${status}).`, { cause })
  }
  if (nameOf(error) === 'TimeoutError') return new AppError('model_timeout', 'The model provider timed out.', { cause })
  if (isConnectionError(error)) {
    return new AppError('model_unavailable', 'The connection to the model provider failed.', { cause })
  }
  return new AppError('model_failed', 'The model provider sent something that is not an answer.', { cause })
}

function isConnectionError(error: unknown): boolean {
  if (error instanceof ProviderConnectionError || nameOf(error).startsWith('APIConnection')) return true
  // What `fetch` throws when the socket ends within a body: a TypeError `terminated`, its cause from undici or the kernel.
  if (nameOf(error) !== 'TypeError' || !hasField(error, 'cause') || !hasField(error.cause, 'code')) return false
  return /^(UND_ERR|E[A-Z]+$)/.test(String(error.cause.code))
}

/** The class of an error; by its fields, as what `fetch` throws need not be of this realm's `Error`. */
function nameOf(error: unknown): string {
  if (!hasField(error, 'name')) return 'unknown'
  // The client's own classes leave `name` as it is.
  return error.name === 'Error' ? error.constructor.name : String(error.name)
}

function hasField<K extends string>(value: unknown, field: K): value is object & Record<K, unknown> {
  return typeof value === 'object' && value !== null && field in value
}

function statusOf(error: unknown): number | undefined {
  return hasField(error, 'status') && typeof error.status === 'number' ? error.status : undefined
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), or OpenAI's `retry-after-ms`. */
function retryAfterOf(error: unknown): number | undefined {
  if (!hasField(error, 'headers') || !(error.headers instanceof Headers)) return undefined
  const exact = Number(error.headers.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const value = error.headers.get('retry-after')
  if (value === null) return undefined
  const seconds = Number(value)
  if (seconds >= 0) return seconds * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
