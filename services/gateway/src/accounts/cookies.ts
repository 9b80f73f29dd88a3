import { ACCESS_TOKEN_SECONDS } from '@askwire/auth'
import { LOGIN_LIFE_MS } from '@askwire/store'
import type { FastifyReply, FastifyRequest } from 'fastify'

export const ACCESS_COOKIE = 'askwire_access'
export const REFRESH_COOKIE = 'askwire_refresh'

/** All values of a cookie in a request: more than one means that somebody has put another beside ours. */
export function cookieValues(request: FastifyRequest, name: string): string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
    .filter((value) => value !== '')
}

/** Gives a page its tokens, out of reach of its scripts. The refresh token goes to the routes of signing in alone. */
export function setTokenCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  tokens: { accessToken: string; refreshToken: string },
): void {
  reply.header('set-cookie', [
    cookie(request, ACCESS_COOKIE, tokens.accessToken, '/', ACCESS_TOKEN_SECONDS),
    cookie(request, REFRESH_COOKIE, tokens.refreshToken, '/api/auth', LOGIN_LIFE_MS / 1000),
  ])
}

/** Takes both cookies away. */
export function clearTokenCookies(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', [
    cookie(request, ACCESS_COOKIE, '', '/', 0),
    cookie(request, REFRESH_COOKIE, '', '/api/auth', 0),
  ])
}

function cookie(request: FastifyRequest, name: string, value: string, path: string, maxAge: number): string {
  const secure = request.overHttps ? '; Secure' : ''
  return `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`
}
