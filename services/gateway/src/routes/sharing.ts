import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { forkRoutes } from './forks.ts'
import { memberRoutes } from './members.ts'
import { sharedRoutes } from './shared.ts'
import { shareRoutes } from './shares.ts'

/** Everything by which somebody else gets to see a session, or goes on from it. */
export function sharingRoutes(app: FastifyInstance, context: GatewayContext): void {
  for (const register of [forkRoutes, memberRoutes, shareRoutes, sharedRoutes]) register(app, context)
}
