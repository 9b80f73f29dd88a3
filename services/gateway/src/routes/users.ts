import { pageOf, updateUserRequest, usersQuery, userView } from '@askwire/contracts'
import { endUserLogins, getUser, listUsers, updateUser } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { userParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/users`: the people of a tenant, for who administers them. */
export function userRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, principals } = context

  defineRoute(app, {
    method: 'GET',
    url: '/api/users',
    access: 'users.read',
    tag: 'users',
    summary: 'People, newest first',
    query: usersQuery,
    responses: { 200: { description: 'A page of people.', schema: pageOf(userView) } },
    handler: async ({ principal, query: { disabled, ...query } }) =>
      await listUsers(store, reachOf(principal), {
        ...query,
        ...(disabled !== undefined && { disabled: disabled === 'true' }),
      }),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/users/:userId',
    access: 'users.read',
    tag: 'users',
    summary: 'One person',
    params: userParams,
    responses: { 200: { description: 'The person.', schema: userView } },
    handler: async ({ principal, params }) => await getUser(store, reachOf(principal), params.userId),
  })

  defineRoute(app, {
    method: 'PATCH',
    url: '/api/users/:userId',
    access: 'users.manage',
    tag: 'users',
    summary: 'Change a person’s role or limits, bar them or let them in again',
    params: userParams,
    body: updateUserRequest,
    responses: { 200: { description: 'The person as they are now.', schema: userView } },
    handler: async ({ principal, params, body }) => {
      const user = await updateUser(store, administratorOf(principal), params.userId, body)
      principals.changed({ tenantId: user.tenantId, userId: user.id })
      return user
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/users/:userId/logins',
    access: 'users.manage',
    tag: 'users',
    summary: 'Sign a person out everywhere; their API tokens stay',
    params: userParams,
    responses: { 204: { description: 'They are signed in nowhere.' } },
    handler: async ({ principal, params, reply }) => {
      const { tenantId } = await endUserLogins(store, administratorOf(principal), params.userId)
      principals.changed({ tenantId, userId: params.userId })
      return await reply.code(204).send()
    },
  })
}
