import type { Scope } from '@askwire/contracts'
import type { FastifyRequest } from 'fastify'

/** What a route asks of its caller: to be somebody, or to be an operator of this installation. */
export type Access = 'user' | 'admin'

/**
 * Who is asking. Until there are accounts, one built-in owner has everything; this file is all that accounts change. MUST
 * throw `unauthenticated` for nobody and `forbidden` for somebody without the access.
 */
export type Authenticate = (request: FastifyRequest, access: Access) => Promise<Scope>

/** Everyone who reaches the gateway is the built-in owner, who is also the operator. */
export function builtInPrincipal(owner: Scope): Authenticate {
  return async () => owner
}
