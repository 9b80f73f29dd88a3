/** Who is signed in at which address, for tests that are not about that. */
const signIns = new Map<string, Record<string, string>>()

const originOf = (url: string): string => new URL(url).origin

/** From now on requests to this address that show no credential of their own are sent with `auth`. */
export const rememberSignIn = (url: string, auth: Record<string, string>): void => void signIns.set(originOf(url), auth)
export const forgetSignIn = (url: string): void => void signIns.delete(originOf(url))

/** The headers to send to `url`: those given, and the remembered credential unless they hold one (an empty `authorization` is none). */
export function withSignIn(url: string, given: RequestInit['headers']): Headers {
  const headers = new Headers(given)
  const shown = ['authorization', 'x-api-key', 'cookie'].some((name) => headers.has(name))
  if (headers.get('authorization') === '') headers.delete('authorization')
  if (shown) return headers
  for (const [name, value] of Object.entries(signIns.get(originOf(url)) ?? {})) headers.set(name, value)
  return headers
}

/** Headers of somebody who shows no credential. */
export const NOBODY = { authorization: '' }
