import { hashSecret } from '@askwire/auth'
import type { RequestFacts } from '@askwire/contracts'
import { rotateRefresh } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { Refused } from './read-credential.ts'
import { type Entered, enter, newRefreshToken } from './signed-in.ts'

/** Takes a refresh token, which works once, for new tokens. Throws `unauthenticated`; one that comes again ends its login everywhere. */
export async function refreshLogin(
  context: GatewayContext,
  token: string | undefined,
  facts: RequestFacts,
): Promise<Entered> {
  if (token === undefined) throw new Refused('none')
  await context.limits.attempt('refresh', { address: facts.address })
  const refreshToken = newRefreshToken()
  const rotation = await rotateRefresh(
    context.store,
    { hash: hashSecret(token), nextHash: hashSecret(refreshToken) },
    facts,
  )
  switch (rotation.kind) {
    case 'rotated':
      return await enter(context, { scope: rotation.scope, loginId: rotation.loginId, refreshToken })
    case 'reused':
      context.principals.changed(rotation.scope)
      context.events.refreshReused({
        requestId: facts.requestId,
        address: facts.address,
        userId: rotation.scope.userId,
      })
      throw new Refused('invalid')
    case 'unknown':
      context.events.authRefused('refresh', { requestId: facts.requestId, address: facts.address })
      throw new Refused('invalid')
    default:
      return rotation satisfies never
  }
}
