import { AppError } from '@askwire/contracts'
import type { FastifyRequest } from 'fastify'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** True when a page of that origin may use the API: it is served from here, or its origin is listed. */
export function isAllowedOrigin(request: FastifyRequest, origin: string, listed: readonly string[]): boolean {
  if (listed.includes(origin)) return true
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false
  const { protocol, host, origin: whole } = new URL(origin)
  // `https` behind a proxy that is not listed arrives as `http`, so only the other way round is a contradiction.
  if (whole !== origin || (request.protocol === 'https' && protocol !== 'https:')) return false
  return host === withoutDefaultPort(request.host, protocol)
}

/**
 * For a request whose credential the browser adds by itself. Throws `forbidden` when it would change something and does not say
 * that it comes from a page of ours or of a listed origin.
 */
export function requireSameOrigin(request: FastifyRequest, listed: readonly string[]): void {
  if (SAFE_METHODS.has(request.method)) return
  const { origin } = request.headers
  if (origin !== undefined && isAllowedOrigin(request, origin, listed)) return
  throw new AppError('forbidden', 'A request with a cookie must come from a page of this address.')
}

/** True for a method that changes something. */
export const changesSomething = (method: string): boolean => !SAFE_METHODS.has(method)

const withoutDefaultPort = (host: string, protocol: string): string =>
  host.toLowerCase().replace(protocol === 'https:' ? /:443$/ : /:80$/, '')
