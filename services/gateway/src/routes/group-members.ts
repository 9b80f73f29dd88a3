import { addMemberRequest, pageOf, pageQuery, userView } from '@askwire/contracts'
import { addGroupMember, listGroupMembers, removeGroupMember } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { groupParams, memberParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/groups/:groupId/members`: who is in a group. */
export function groupMemberRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, principals } = context

  defineRoute(app, {
    method: 'GET',
    url: '/api/groups/:groupId/members',
    access: 'users.read',
    tag: 'groups',
    summary: 'The people in a group, who joined last first',
    params: groupParams,
    query: pageQuery,
    responses: { 200: { description: 'A page of people.', schema: pageOf(userView) } },
    handler: async ({ principal, params, query }) =>
      await listGroupMembers(store, reachOf(principal), params.groupId, query),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/groups/:groupId/members',
    access: 'users.manage',
    tag: 'groups',
    summary: 'Put a person into a group; again changes nothing',
    params: groupParams,
    body: addMemberRequest,
    responses: { 201: { description: 'The person as they are now.', schema: userView } },
    handler: async ({ principal, params, body, reply }) => {
      const user = await addGroupMember(store, administratorOf(principal), params.groupId, body.userId)
      principals.changed({ tenantId: user.tenantId, userId: user.id })
      return await reply.code(201).send(user)
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/groups/:groupId/members/:userId',
    access: 'users.manage',
    tag: 'groups',
    summary: 'Take a person out of a group',
    params: memberParams,
    responses: { 204: { description: 'They are not in it any more.' } },
    handler: async ({ principal, params: { groupId, userId }, reply }) => {
      const { tenantId } = await removeGroupMember(store, administratorOf(principal), groupId, userId)
      principals.changed({ tenantId, userId })
      return await reply.code(204).send()
    },
  })
}
