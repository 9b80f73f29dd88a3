import { type Actor, type Administrator, AppError, type Permission, type Reach, type Scope } from '@askwire/contracts'
import type { FastifyRequest } from 'fastify'
import type { Holder } from './stream/followers.ts'

/**
 * Who is asking, from where, and what they may do. Made from the database for every request, never from what a token or a body
 * claims beyond an id.
 */
export type Principal = Actor & {
  /** Of the request, as W3C has it. */
  traceparent: string
  permissions: ReadonlySet<Permission>
  /** An owner of the installation: reaches every tenant. */
  owner: boolean
  /** The login the request belongs to; null for an API token and for the trial. */
  loginId: string | null
  /** The API token used; null when signed in. */
  tokenId: string | null
  /** Unfinished runs and requests a minute this person may have; null: the installation's own. */
  limits: { maxUnfinishedRuns: number | null; requestsPerMinute: number | null }
}

/** Finds who is asking. MUST throw `unauthenticated` for nobody, for anything expired, ended or disabled, and for a token of another kind. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>

/** Throws `forbidden` unless the principal has the permission. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  throw new AppError('forbidden', 'You do not have the permission for this.')
}

/** The reach of an administrative call: an owner's is the installation, everyone else's their tenant. */
export function reachOf(principal: Principal): Reach {
  return { ...scopeOf(principal), reach: principal.owner ? 'installation' : 'tenant' }
}

/** The principal's own data and nothing else. */
export const scopeOf = ({ tenantId, userId }: Principal): Scope => ({ tenantId, userId })

/** Who does it and from where, as an activity records it. */
export const actorOf = ({ tenantId, userId, requestId, address, agent }: Principal): Actor => ({
  tenantId,
  userId,
  requestId,
  address,
  agent,
})

/** As the holder of a stream that takes `permission` and, when it is of a session, the right to view that one. */
export const holderOf = (
  principal: Principal,
  permission: Permission,
  session?: { sessionId: string; ownerId: string },
): Holder => ({
  ...scopeOf(principal),
  loginId: principal.loginId,
  tokenId: principal.tokenId,
  permission,
  ...(session && { session: { ...session, need: 'view' } }),
})

/** Who administers, how far they reach, and from where. */
export const administratorOf = (principal: Principal): Administrator => ({
  ...actorOf(principal),
  reach: reachOf(principal).reach,
})
