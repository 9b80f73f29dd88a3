import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { activityRoutes } from './activities.ts'
import { groupMemberRoutes } from './group-members.ts'
import { groupRoutes } from './groups.ts'
import { invitationRoutes } from './invitations.ts'
import { roleRoutes } from './roles.ts'
import { settingsRoutes } from './settings.ts'
import { tenantRoutes } from './tenants.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Everything about people, what they may do, and what they did. */
export function administrationRoutes(app: FastifyInstance, context: GatewayContext): void {
  for (const register of [
    userRoutes,
    roleRoutes,
    groupRoutes,
    groupMemberRoutes,
    tenantRoutes,
    settingsRoutes,
    invitationRoutes,
    tokenRoutes,
    activityRoutes,
  ])
    register(app, context)
}
