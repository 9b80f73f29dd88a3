import { hashSecret, newSecret, shownPrefix } from '@askwire/auth'
import { createdToken, createTokenRequest, pageOf, pageQuery, tokenView } from '@askwire/contracts'
import { createApiToken, deleteApiToken, listApiTokens } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { tokenParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/tokens`: my API tokens. */
export function tokenRoutes(app: FastifyInstance, context: GatewayContext): void {
  const route = { access: 'tokens.manage', tag: 'tokens' } as const

  defineRoute(app, {
    ...route,
    method: 'GET',
    url: '/api/tokens',
    summary: 'My API tokens, newest first, without their secrets',
    query: pageQuery,
    responses: { 200: { description: 'A page of tokens.', schema: pageOf(tokenView) } },
    handler: async ({ scope, query }) => await listApiTokens(context.store, scope, query),
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/tokens',
    creates: {},
    summary: 'Make an API token; it is shown once',
    body: createTokenRequest,
    responses: { 201: { description: 'The token with its secret.', schema: createdToken } },
    handler: async ({ principal, body, reply }) => {
      const token = newSecret('sk-')
      const made = { ...body, hash: hashSecret(token), prefix: shownPrefix(token) }
      const view = await createApiToken(context.store, actorOf(principal), made)
      return await reply.code(201).send({ ...view, token })
    },
  })

  defineRoute(app, {
    ...route,
    method: 'DELETE',
    url: '/api/tokens/:tokenId',
    summary: 'Delete one of my API tokens, which ends it and its open streams',
    params: tokenParams,
    responses: { 204: { description: 'It works no more.' } },
    handler: async ({ principal, scope, params, reply }) => {
      await deleteApiToken(context.store, actorOf(principal), params.tokenId)
      context.principals.changed(scope)
      return await reply.code(204).send()
    },
  })
}
