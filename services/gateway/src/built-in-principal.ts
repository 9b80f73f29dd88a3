import { permissionsOf, type Scope } from '@askwire/contracts'
import type { Authenticate } from './principal.ts'

/** Everyone who reaches the gateway is the built-in owner: the trial, before the first account is made. */
export function builtInPrincipal(owner: Scope): Authenticate {
  const permissions = permissionsOf({ owner: true, roles: [] })
  return async (request) => ({
    ...owner,
    requestId: request.id,
    address: request.ip,
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
    permissions,
    owner: true,
    loginId: null,
    tokenId: null,
    limits: { maxUnfinishedRuns: null, requestsPerMinute: null },
  })
}
