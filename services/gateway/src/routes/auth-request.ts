import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieValues, REFRESH_COOKIE, setTokenCookies } from '../accounts/cookies.ts'
import { type Entered, signedInBody } from '../accounts/signed-in.ts'
import type { GatewayContext } from '../context.ts'
import { requireSameOrigin } from '../plugins/same-origin.ts'

/** The refresh token of a request: from its body, else from the cookie, which only pages of this site may use. */
export function refreshTokenOf(
  context: GatewayContext,
  request: FastifyRequest,
  given: string | undefined,
): { token: string | undefined; byCookie: boolean } {
  if (given !== undefined) return { token: given, byCookie: false }
  const [token, ...others] = cookieValues(request, REFRESH_COOKIE)
  if (token === undefined) return { token, byCookie: false }
  requireSameOrigin(request, context.config.ASKWIRE_CORS_ORIGINS)
  return { token: others.length === 0 ? token : undefined, byCookie: true }
}

/** Answers with the tokens of a login, in the body or as cookies. */
export async function sendEntered(
  request: FastifyRequest,
  reply: FastifyReply,
  entered: Entered,
  options: { byCookie: boolean; status?: number },
): Promise<FastifyReply> {
  if (options.byCookie) setTokenCookies(request, reply, entered)
  return await reply.code(options.status ?? 200).send(signedInBody(entered, options.byCookie))
}
