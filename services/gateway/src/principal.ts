import type { Scope } from '@askwire/contracts'
import type { FastifyRequest } from 'fastify'

/** Who is asking. Until there are accounts, one built-in owner has everything; this file is all that accounts change. */
export type Authenticate = (request: FastifyRequest) => Promise<Scope>

/** Everyone who reaches the gateway is the built-in owner. */
export function builtInPrincipal(owner: Scope): Authenticate {
  return async () => owner
}
