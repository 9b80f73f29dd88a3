import { loginAccess } from '../state/login-access.ts'
import { ApiError } from './api-error.ts'
import { type RequestOptions, sendRequest } from './send-request.ts'

/**
 * One JSON request for the person who is signed in. A 401 renews the access and sends it once more; a login that cannot be
 * renewed is over, which `loginAccess` tells the page. Throws `ApiError`.
 */
export function requestJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return withRenewal(() => sendRequest<T>(path, options))
}

/** Sends something else for the person who is signed in, by the same rules. */
export async function withRenewal<T>(send: () => Promise<T>): Promise<T> {
  const used = loginAccess.current()
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'unauthenticated') throw error
    if ((await loginAccess.renew(used)) === 'ended') throw error
    return await send()
  }
}
