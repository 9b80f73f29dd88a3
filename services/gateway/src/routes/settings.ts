import { tenantSettings, updateTenantSettings as updateRequest } from '@askwire/contracts'
import { getTenantSettings, updateTenantSettings } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { defineRoute } from './route.ts'

/** `/api/settings`: what holds for everyone in one's own tenant, for its administrators. */
export function settingsRoutes(app: FastifyInstance, { store }: GatewayContext): void {
  const route = { url: '/api/settings', access: 'users.manage', tag: 'tenants' } as const

  defineRoute(app, {
    ...route,
    method: 'GET',
    summary: 'What holds for everyone in my tenant',
    responses: { 200: { description: 'The settings.', schema: tenantSettings } },
    handler: async ({ principal }) => await getTenantSettings(store, reachOf(principal)),
  })

  defineRoute(app, {
    ...route,
    method: 'PATCH',
    summary: 'How long sessions are kept; what is older is erased for good',
    body: updateRequest,
    responses: { 200: { description: 'The settings as they are now.', schema: tenantSettings } },
    handler: async ({ principal, body }) => await updateTenantSettings(store, administratorOf(principal), body),
  })
}
