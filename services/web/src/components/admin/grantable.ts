import type { Permission } from '@askwire/contracts'

/** What a role may hold: the contract's list, whose module a browser can not load. */
export const GRANTABLE: readonly Permission[] = [
  'tokens.manage',
  'chat.ask',
  'chat.read',
  'knowledge.read',
  'knowledge.write',
  'users.read',
  'users.manage',
  'roles.manage',
  'invitations.manage',
  'audit.read',
]
