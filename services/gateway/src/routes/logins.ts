import { done, loginView, pageOf, pageQuery } from '@askwire/contracts'
import { endLogin, listLogins } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { loginParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/auth/logins`: where I am signed in. */
export function loginRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/auth/logins',
    access: 'account.manage',
    tag: 'account',
    summary: 'Where I am signed in, newest first',
    query: pageQuery,
    responses: { 200: { description: 'A page of logins.', schema: pageOf(loginView) } },
    handler: async ({ principal, scope, query }) => await listLogins(context.store, scope, query, principal.loginId),
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/auth/logins/:loginId',
    access: 'account.manage',
    tag: 'account',
    summary: 'End one of my logins, also its open streams',
    params: loginParams,
    responses: { 200: { description: 'Ended.', schema: done } },
    handler: async ({ principal, scope, params }) => {
      await endLogin(context.store, scope, params.loginId, actorOf(principal))
      context.principals.changed(scope)
      return { done: true }
    },
  })
}
