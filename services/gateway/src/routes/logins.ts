import { done, loginView, pageOf, pageQuery, proofRequest } from '@askwire/contracts'
import { endLogin, listLogins } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { checkPerson, noLonger } from '../accounts/check-person.ts'
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
    method: 'POST',
    url: '/api/auth/logins/:loginId/end',
    access: 'account.manage',
    tag: 'account',
    summary: 'End one of my logins, also its open streams; any but this one takes what a new password does',
    params: loginParams,
    body: proofRequest,
    responses: { 200: { description: 'Ended.', schema: done } },
    handler: async ({ principal, scope, params: { loginId }, body }) => {
      // Whoever has got hold of one login must not put its owner out of the others.
      const checked = loginId === principal.loginId ? undefined : await checkPerson(context, principal, body)
      const held = await endLogin(context.store, actorOf(principal), loginId, checked)
      if (!held) throw noLonger(checked ?? {})
      context.principals.changed(scope)
      return { done: true }
    },
  })
}
