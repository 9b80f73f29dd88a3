import type { ErrorCode } from '@askwire/contracts'
import { ApiError } from '../api/api-error.ts'

/** What the gateway sent the browser here with after a sign-in at a provider that failed: `?error=<code>`, for the code's own shape. */
export function readArrivalError(search: string): ApiError | null {
  const code = new URLSearchParams(search).get('error')
  if (code === null || !/^[a-z_]{1,40}$/.test(code)) return null
  return new ApiError(code as ErrorCode, '', { retryable: false })
}

let arrival: ApiError | null = null

/** Takes the error out of the address, so that loading the page again does not tell it again. Called once, at the start. */
export function takeArrivalError(): void {
  arrival = readArrivalError(location.search)
  if (location.search !== '') history.replaceState(null, '', location.pathname)
}

/** The error this page was opened with. */
export const arrivalError = (): ApiError | null => arrival
