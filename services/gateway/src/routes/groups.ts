import { createGroupRequest, groupView, pageOf, tenantPageQuery, updateGroupRequest } from '@askwire/contracts'
import { createGroup, deleteGroup, listGroups, updateGroup } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { groupParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/groups`: groups of people, each of which gives its role to its members. */
export function groupRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, principals } = context

  defineRoute(app, {
    method: 'GET',
    url: '/api/groups',
    access: 'users.read',
    tag: 'groups',
    summary: 'Groups with the number of their members, newest first',
    query: tenantPageQuery,
    responses: { 200: { description: 'A page of groups.', schema: pageOf(groupView) } },
    handler: async ({ principal, query }) => await listGroups(store, reachOf(principal), query),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/groups',
    creates: {},
    access: 'roles.manage',
    tag: 'groups',
    summary: 'Make a group',
    body: createGroupRequest,
    responses: { 201: { description: 'The new group.', schema: groupView } },
    handler: async ({ principal, body, reply }) =>
      await reply.code(201).send(await createGroup(store, administratorOf(principal), body)),
  })

  defineRoute(app, {
    method: 'PATCH',
    url: '/api/groups/:groupId',
    access: 'roles.manage',
    tag: 'groups',
    summary: 'Rename a group, or give it another role',
    params: groupParams,
    body: updateGroupRequest,
    responses: { 200: { description: 'The group as it is now.', schema: groupView } },
    handler: async ({ principal, params, body }) => {
      const group = await updateGroup(store, administratorOf(principal), params.groupId, body)
      principals.changed({ tenantId: group.tenantId, userId: null })
      return group
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/groups/:groupId',
    access: 'roles.manage',
    tag: 'groups',
    summary: 'Delete a group; its members lose its role',
    params: groupParams,
    responses: { 204: { description: 'It is gone.' } },
    handler: async ({ principal, params, reply }) => {
      const { tenantId } = await deleteGroup(store, administratorOf(principal), params.groupId)
      principals.changed({ tenantId, userId: null })
      return await reply.code(204).send()
    },
  })
}
