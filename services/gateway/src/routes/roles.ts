import {
  createRoleRequest,
  pageOf,
  ROLE_TEMPLATES,
  roleTemplateView,
  roleView,
  tenantPageQuery,
  updateRoleRequest,
} from '@askwire/contracts'
import { createRole, deleteRole, listRoles, updateRole } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { roleParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/roles`: sets of permissions of a tenant. */
export function roleRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, principals } = context

  defineRoute(app, {
    method: 'GET',
    url: '/api/roles',
    access: 'users.read',
    tag: 'roles',
    summary: 'Roles with the number of their members, newest first',
    query: tenantPageQuery,
    responses: { 200: { description: 'A page of roles.', schema: pageOf(roleView) } },
    handler: async ({ principal, query }) => await listRoles(store, reachOf(principal), query),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/roles/templates',
    access: 'users.read',
    tag: 'roles',
    summary: 'Sets of permissions to begin a role with',
    responses: { 200: { description: 'All of them.', schema: pageOf(roleTemplateView) } },
    handler: async () => ({ items: ROLE_TEMPLATES, nextCursor: null }),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/roles',
    creates: {},
    access: 'roles.manage',
    tag: 'roles',
    summary: 'Make a role; of permissions that you hold yourself',
    body: createRoleRequest,
    responses: { 201: { description: 'The new role.', schema: roleView } },
    handler: async ({ principal, body, reply }) =>
      await reply.code(201).send(await createRole(store, administratorOf(principal), body)),
  })

  defineRoute(app, {
    method: 'PATCH',
    url: '/api/roles/:roleId',
    access: 'roles.manage',
    tag: 'roles',
    summary: 'Change a role that is not built in',
    params: roleParams,
    body: updateRoleRequest,
    responses: { 200: { description: 'The role as it is now.', schema: roleView } },
    handler: async ({ principal, params, body }) => {
      const role = await updateRole(store, administratorOf(principal), params.roleId, body)
      principals.changed({ tenantId: role.tenantId, userId: null })
      return role
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/roles/:roleId',
    access: 'roles.manage',
    tag: 'roles',
    summary: 'Delete a role that nobody and nothing has',
    params: roleParams,
    responses: { 204: { description: 'It is gone.' } },
    handler: async ({ principal, params, reply }) => {
      await deleteRole(store, administratorOf(principal), params.roleId)
      return await reply.code(204).send()
    },
  })
}
