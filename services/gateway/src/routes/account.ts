import { changePasswordRequest, done, meView, updateMeRequest } from '@askwire/contracts'
import { updateMe } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { changeOwnPassword } from '../accounts/change-own-password.ts'
import { viewMe } from '../accounts/signed-in.ts'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { defineRoute } from './route.ts'

/** `/api/auth/me` and the password: my own account. */
export function accountRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/auth/me',
    access: 'account.read',
    tag: 'account',
    summary: 'Who I am and what I may do',
    responses: { 200: { description: 'The person, with the permissions of this credential.', schema: meView } },
    handler: async ({ principal }) => await viewMe(context, principal),
  })

  defineRoute(app, {
    method: 'PATCH',
    url: '/api/auth/me',
    access: 'account.manage',
    tag: 'account',
    summary: 'Change my name, language or theme',
    body: updateMeRequest,
    responses: { 200: { description: 'The person as they are now.', schema: meView } },
    handler: async ({ principal, body }) => {
      await updateMe(context.store, actorOf(principal), body)
      return await viewMe(context, principal)
    },
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/auth/password',
    access: 'account.manage',
    tag: 'account',
    summary: 'Change my password; ends my other logins',
    body: changePasswordRequest,
    responses: { 200: { description: 'Changed.', schema: done } },
    handler: async ({ principal, body }) => {
      await changeOwnPassword(context, principal, body)
      return { done: true }
    },
  })
}
