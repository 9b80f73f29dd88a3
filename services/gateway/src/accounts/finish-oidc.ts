import { hashSecret, type OidcIdentity } from '@askwire/auth'
import { AppError, line, type RequestFacts, type Scope } from '@askwire/contracts'
import {
  findAccount,
  linkByEmail,
  linkIdentity,
  type NewLogin,
  recordLoginFailure,
  registerLinked,
  startLinkedLogin,
} from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { requireOidc } from './begin-oidc.ts'
import { FLOW_SECONDS, type OidcFlow } from './oidc-flow.ts'
import { type Entered, enter, newRefreshToken } from './signed-in.ts'

/**
 * What came back from the provider, for the browser that began it. Gives the login of a sign-in, null for a link. Throws `unauthenticated`
 * for anything that is not the one answer to this flow; otherwise what registering, signing in and linking throw.
 */
export async function finishOidc(
  context: GatewayContext,
  flow: OidcFlow | undefined,
  query: string,
  facts: RequestFacts,
): Promise<Entered | null> {
  const identity = await vouchedFor(context, flow, query, facts)
  const purpose = flow?.purpose
  if (purpose?.kind === 'link') {
    const { tenantId, userId, loginId } = purpose
    await linkIdentity(context.store, { tenantId, userId, ...facts }, loginId, identity)
    return null
  }
  const refreshToken = newRefreshToken()
  const login: NewLogin = { method: 'oidc', refreshHash: hashSecret(refreshToken), facts }
  const { scope, loginId } = await signIn(context, identity, login, purpose?.invitation)
  context.events.signedIn('oidc', { requestId: facts.requestId, userId: scope.userId })
  return await enter(context, { scope, loginId, refreshToken })
}

async function vouchedFor(
  context: GatewayContext,
  flow: OidcFlow | undefined,
  query: string,
  facts: RequestFacts,
): Promise<OidcIdentity> {
  const { client } = requireOidc(context)
  await context.limits.attempt('login', { address: facts.address })
  try {
    if (!flow || !(await isFirstUse(context, flow))) throw notBegun()
    return await client.finish({ query }, flow.attempt)
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') {
      context.events.authRefused('oidc', { requestId: facts.requestId, address: facts.address })
      await recordLoginFailure(context.store, undefined, 'oidc', facts)
    }
    throw error
  }
}

const notBegun = (): AppError => new AppError('unauthenticated', 'This sign-in was not begun here, or it is over.')

/** A state works once on all replicas, also for who kept the cookie. */
async function isFirstUse({ limiter }: GatewayContext, { attempt }: OidcFlow): Promise<boolean> {
  return (await limiter.take(`oidc:${attempt.state}`, { limit: 1, windowMs: FLOW_SECONDS * 1000 })).allowed
}

async function signIn(
  context: GatewayContext,
  identity: OidcIdentity,
  login: NewLogin,
  invitation: string | undefined,
): Promise<{ scope: Scope; loginId: string }> {
  const linked = await startLinkedLogin(context.store, identity, login)
  if (!linked) return await joinOrRegister(context, identity, login, invitation)
  const { scope, loginId } = linked
  if (loginId !== null) return { scope, loginId }
  await recordLoginFailure(context.store, scope, 'disabled', login.facts)
  context.events.authRefused('disabled', { requestId: login.facts.requestId, address: login.facts.address })
  throw new AppError('forbidden', 'This account is disabled.')
}

/** Nobody is linked silently to an account that has their address: whoever runs the provider would own every account. */
async function joinOrRegister(
  context: GatewayContext,
  identity: OidcIdentity,
  login: NewLogin,
  invitation: string | undefined,
): Promise<{ scope: Scope; loginId: string }> {
  const { email } = identity
  if (email === null) throw new AppError('forbidden', 'The sign-in provider vouches for no mail address of yours.')
  const account = await findAccount(context.store, email)
  if (!account) return await register(context, { ...identity, email }, login, invitation)
  const { tenantId, userId } = account
  const scope = { tenantId, userId }
  const mayLink = context.config.ASKWIRE_OIDC_LINK_BY_EMAIL
  const loginId = mayLink ? await linkByEmail(context.store, scope, email, identity, login) : undefined
  if (loginId !== undefined) {
    // Earlier logins and tokens have ended with it.
    context.principals.changed(scope)
    return { scope, loginId }
  }
  throw new AppError('conflict', 'There is an account with this address. Sign in to it and link the provider there.')
}

async function register(
  context: GatewayContext,
  identity: OidcIdentity & { email: string },
  login: NewLogin,
  invitation: string | undefined,
): Promise<{ scope: Scope; loginId: string }> {
  const { email } = identity
  await context.limits.attempt('register', { address: login.facts.address, account: email })
  const name = line(100).safeParse(identity.name).data ?? email.split('@')[0]?.slice(0, 100) ?? email
  const { scope, loginId, first } = await registerLinked(
    context.store,
    {
      email,
      name,
      passwordHash: null,
      mode: context.config.REGISTRATION,
      ...(invitation !== undefined && { invitationHash: hashSecret(invitation) }),
    },
    identity,
    login.facts,
    login,
  )
  if (loginId === null) throw new Error('a registration without a login')
  if (first) {
    await context.trial.hasAccounts()
    context.principals.changed(scope)
  }
  return { scope, loginId }
}
