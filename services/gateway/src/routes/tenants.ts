import { createTenantRequest, pageOf, pageQuery, tenantView, updateTenantRequest } from '@askwire/contracts'
import { createTenant, listTenants, updateTenant } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { tenantParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/tenants`: the tenants of the installation, for its owners. */
export function tenantRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, principals } = context
  const route = { access: 'installation.tenants', tag: 'tenants' } as const

  defineRoute(app, {
    ...route,
    method: 'GET',
    url: '/api/tenants',
    summary: 'Tenants with the number of their people, newest first (owners)',
    query: pageQuery,
    responses: { 200: { description: 'A page of tenants.', schema: pageOf(tenantView) } },
    handler: async ({ principal, query }) => await listTenants(store, reachOf(principal), query),
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/tenants',
    creates: {},
    summary: 'Make a tenant with its built-in roles (owners)',
    body: createTenantRequest,
    responses: { 201: { description: 'The new tenant.', schema: tenantView } },
    handler: async ({ principal, body, reply }) =>
      await reply.code(201).send(await createTenant(store, administratorOf(principal), body)),
  })

  defineRoute(app, {
    ...route,
    method: 'PATCH',
    url: '/api/tenants/:tenantId',
    summary: 'Rename a tenant, bar it or let it in again (owners)',
    params: tenantParams,
    body: updateTenantRequest,
    responses: { 200: { description: 'The tenant as it is now.', schema: tenantView } },
    handler: async ({ principal, params, body }) => {
      const tenant = await updateTenant(store, administratorOf(principal), params.tenantId, body)
      principals.changed({ tenantId: tenant.id, userId: null })
      return tenant
    },
  })
}
