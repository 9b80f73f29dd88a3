import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@askwire/contracts'

const MIN_TOKEN_CHARS = 32
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Tells whether an `Authorization` header carries the service token, in a time that says nothing about it. Throws
 * `invalid_request` when the token itself is too short to be one.
 */
export function serviceTokenCheck(token: string): (authorization: string | undefined) => boolean {
  if (token.length < MIN_TOKEN_CHARS)
    throw new AppError('invalid_request', `The service token must have at least ${MIN_TOKEN_CHARS} characters.`)
  const expected = digest(`Bearer ${token}`)
  return (authorization) => timingSafeEqual(digest((authorization ?? '').replace(/^bearer /i, 'Bearer ')), expected)
}
