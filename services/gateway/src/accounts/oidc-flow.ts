import { oidcTry, type Sealer } from '@askwire/auth'
import { handedSecret, sitePath, uuid } from '@askwire/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { cookieValues } from './cookies.ts'

export const FLOW_COOKIE = 'askwire_oidc'
const PATH = '/api/auth/oidc'
/** How long somebody may take at the provider. */
export const FLOW_SECONDS = 600

/** A sign-in, or a link, that has gone to the provider and is to come back. */
const oidcFlow = z.object({
  attempt: oidcTry,
  returnTo: sitePath,
  purpose: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('sign-in'),
      transport: z.enum(['body', 'cookie']),
      invitation: handedSecret.optional(),
    }),
    z.object({ kind: z.literal('link'), tenantId: uuid, userId: uuid, loginId: uuid }),
  ]),
  expiresAt: z.number(),
})
export type OidcFlow = z.infer<typeof oidcFlow>

/**
 * Keeps a flow with the browser that began it, encrypted: whoever lures another browser to the callback has none to show there. Lax,
 * because the browser comes back from another site.
 */
export function keepFlow(
  request: FastifyRequest,
  reply: FastifyReply,
  sealer: Sealer,
  flow: Omit<OidcFlow, 'expiresAt'>,
  now: number,
): void {
  const whole: OidcFlow = { ...flow, expiresAt: now + FLOW_SECONDS * 1000 }
  const sealed = sealer.seal('oidc-flow', FLOW_COOKIE, Buffer.from(JSON.stringify(whole))).toString('base64url')
  reply.header('set-cookie', cookie(request, sealed, FLOW_SECONDS))
}

/** The flow this browser has begun, if it is still open; takes it away from the browser whatever it is. */
export function takeFlow(
  request: FastifyRequest,
  reply: FastifyReply,
  sealer: Sealer,
  now: number,
): OidcFlow | undefined {
  const values = cookieValues(request, FLOW_COOKIE)
  if (values.length === 0) return undefined
  reply.header('set-cookie', cookie(request, '', 0))
  const [sealed, second] = values
  if (sealed === undefined || second !== undefined) return undefined
  const plain = sealer.open('oidc-flow', FLOW_COOKIE, Buffer.from(sealed, 'base64url'))
  if (!plain) return undefined
  const flow = oidcFlow.safeParse(JSON.parse(plain.toString('utf8'))).data
  return flow && flow.expiresAt > now ? flow : undefined
}

function cookie(request: FastifyRequest, value: string, maxAge: number): string {
  const secure = request.overHttps ? '; Secure' : ''
  return `${FLOW_COOKIE}=${value}; Path=${PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`
}
