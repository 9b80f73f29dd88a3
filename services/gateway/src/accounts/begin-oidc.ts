import { AppError, type OidcLinkRequest, type OidcStartRequest } from '@askwire/contracts'
import { confirmPerson } from '@askwire/store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { type Principal, scopeOf } from '../principal.ts'
import { checkPerson, noLonger } from './check-person.ts'
import { keepFlow, type OidcFlow } from './oidc-flow.ts'
import { factsOf } from './principals.ts'

export const OIDC_CALLBACK = '/api/auth/oidc/callback'

/** The sign-in provider; throws `not_found` where none is set up. */
export function requireOidc(context: GatewayContext): NonNullable<GatewayContext['oidc']> {
  if (!context.oidc) throw new AppError('not_found', 'There is no sign-in provider.')
  return context.oidc
}

/** Begins a sign-in: where the browser has to go, and a cookie that it has to come back with. */
export async function beginSignIn(
  context: GatewayContext,
  { returnTo, ...how }: OidcStartRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ url: string }> {
  requireOidc(context)
  await context.limits.attempt('login', { address: factsOf(request).address })
  return await begin(context, { returnTo, purpose: { kind: 'sign-in', ...how } }, request, reply)
}

/** Begins a link, for somebody who is there and not only their session. Throws what `checkPerson` does. */
export async function beginLink(
  context: GatewayContext,
  principal: Principal,
  { returnTo, ...shown }: OidcLinkRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ url: string }> {
  requireOidc(context)
  if (principal.loginId === null) throw new AppError('conflict', 'Make an account first.')
  const { loginId, ...scope } = { ...scopeOf(principal), loginId: principal.loginId }
  const checked = await checkPerson(context, principal, shown)
  if (!(await confirmPerson(context.store, scope, checked))) throw noLonger(checked)
  return await begin(context, { returnTo, purpose: { kind: 'link', ...scope, loginId } }, request, reply)
}

async function begin(
  context: GatewayContext,
  flow: Pick<OidcFlow, 'returnTo' | 'purpose'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ url: string }> {
  const { url, attempt } = await requireOidc(context).client.begin(`${context.publicUrl()}${OIDC_CALLBACK}`)
  keepFlow(request, reply, context.auth.sealer, { ...flow, attempt }, context.clock.now())
  return { url }
}
