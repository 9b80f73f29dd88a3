import { newSecret } from '@askwire/auth'
import { AppError, type MeView, type Scope, type SignedIn } from '@askwire/contracts'
import { findPrincipalByLogin, getMe } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import type { Principal } from '../principal.ts'
import { knownPerson } from './known-person.ts'

/** A login with its tokens; whether they go into the body or into cookies is the route's to decide. */
export type Entered = {
  user: MeView
  accessToken: string
  refreshToken: string
  expiresAt: string
}

/** A new refresh token: 256 random bits, of which the database keeps the hash. */
export const newRefreshToken = (): string => newSecret('rt-')

/** Makes the access token of a login and the view of its person. */
export async function enter(
  context: GatewayContext,
  login: { scope: Scope; loginId: string; refreshToken: string },
): Promise<Entered> {
  const { scope, loginId, refreshToken } = login
  const row = await findPrincipalByLogin(context.store, loginId)
  if (!row) throw new AppError('unauthenticated', 'This login has ended.')
  const { token, expiresAt } = await context.auth.accessTokens.sign({ ...scope, loginId })
  return {
    user: await viewMe(context, knownPerson(row)),
    accessToken: token,
    refreshToken,
    expiresAt: expiresAt.toISOString(),
  }
}

/** A person as they see themselves, with what they may do by the credential they came with. */
export async function viewMe(
  context: Pick<GatewayContext, 'store'>,
  principal: Pick<Principal, 'tenantId' | 'userId' | 'permissions' | 'loginId' | 'tokenId'>,
): Promise<MeView> {
  return {
    ...(await getMe(context.store, { tenantId: principal.tenantId, userId: principal.userId })),
    permissions: [...principal.permissions].sort(),
    trial: principal.loginId === null && principal.tokenId === null,
  }
}

/** The answer's body: without the tokens when they go as cookies. */
export function signedInBody(entered: Entered, byCookie: boolean): SignedIn {
  const { user, accessToken, refreshToken, expiresAt } = entered
  return byCookie ? { user, expiresAt } : { user, accessToken, refreshToken, expiresAt }
}
