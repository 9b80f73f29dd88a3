import type { Permission } from '@askwire/contracts'
import type { Caller } from './cast.ts'

/** Kinds of things that a route's address names; `things.ts` makes them. */
export type ThingKind =
  | 'finished session'
  | 'running session'
  | 'queued session'
  | 'finished run'
  | 'running run'
  | 'queued run'
  | 'waiting run'
  | 'session'
  | 'private session'
  | 'deleted session'
  | 'question'
  | 'answer'
  | 'session member'
  | 'share'
  | 'share key'
  | 'folder'
  | 'archive'
  | 'chunk'
  | 'dead letter'
  | 'login'
  | 'token'
  | 'user'
  | 'role'
  | 'group'
  | 'member'
  | 'invitation'
  | 'tenant'

/** What a colleague may do with a session that is open to them. */
export type MemberAccess = 'view' | 'edit'

/** One of them. `seenBy`: its user, and the members of its session; those of its tenant who have the permission; anyone who has it. */
export type Thing = {
  params: Record<string, string>
  tenantId: string
  userId: string
  seenBy: 'user' | 'tenant' | 'installation'
  /** By the id of the colleague. */
  members: ReadonlyMap<string, MemberAccess>
}

/** Who may call a route. One row each; what is expected of each caller follows from it. */
export type Rule = {
  /** `METHOD /path/:param`; a note after `#` tells two rows of one route from each other. */
  route: string
  access: 'public' | Permission
  /** What this way of calling it takes beyond the route's own permission. */
  also?: Permission
  thing?: ThingKind
  /** The least that a colleague must have been given of the session to do it too. Absent: it is its owner's alone. */
  member?: MemberAccess
  /** Its owner can not do it. */
  notOwner?: true
  /** It acts in the caller's own tenant, also for an owner of the installation. */
  ownTenant?: true
  /** After a `?`, with parameters as in the path. */
  query?: string
  /** What is sent; with things of its own where it changes or needs them. */
  body?: (context: { thing: Thing | undefined; caller: Caller; fresh: string }) => unknown
  headers?: Record<string, string>
  /** The status for who may. A 400 says that the caller came as far as the body. */
  ok: number
}

/** The status this caller must get for this thing. */
export function expectedStatus(rule: Rule, caller: Caller, thing: Thing | undefined): number {
  if (rule.access === 'public') return rule.ok
  if (caller.userId === null) return 401
  if (!caller.permissions.has(rule.access)) return 403
  if (rule.also !== undefined && !caller.permissions.has(rule.also)) return 403
  if (rule.ownTenant && thing && thing.tenantId !== caller.tenantId) return 404
  return thing && !canSee(rule, caller, thing) ? 404 : rule.ok
}

/** True for a member of the thing's session who may do what the row does. */
export function mayAsMember({ member }: Rule, { userId }: Caller, members: Thing['members']): boolean {
  const access = userId === null ? undefined : members.get(userId)
  if (member === undefined || access === undefined) return false
  return access === 'edit' || member === 'view'
}

function canSee(rule: Rule, caller: Caller, thing: Thing): boolean {
  switch (thing.seenBy) {
    case 'user':
      return (caller.userId === thing.userId && !rule.notOwner) || mayAsMember(rule, caller, thing.members)
    case 'tenant':
      return caller.owner || caller.tenantId === thing.tenantId
    case 'installation':
      return true
    default:
      return thing.seenBy satisfies never
  }
}
