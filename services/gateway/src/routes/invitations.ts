import { createdInvitation, createInvitationRequest, invitationView, pageOf, tenantPageQuery } from '@askwire/contracts'
import { listInvitations, revokeInvitation } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { invitePerson } from '../accounts/invite-person.ts'
import type { GatewayContext } from '../context.ts'
import { administratorOf, reachOf } from '../principal.ts'
import { invitationParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/invitations`: links by which somebody joins a tenant. */
export function invitationRoutes(app: FastifyInstance, context: GatewayContext): void {
  const route = { access: 'invitations.manage', tag: 'invitations' } as const

  defineRoute(app, {
    ...route,
    method: 'GET',
    url: '/api/invitations',
    summary: 'Invitations, newest first, those that are over too',
    query: tenantPageQuery,
    responses: { 200: { description: 'A page of invitations.', schema: pageOf(invitationView) } },
    handler: async ({ principal, query }) => await listInvitations(context.store, reachOf(principal), query),
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/invitations',
    creates: {},
    summary: 'Invite somebody; the link is shown once, and mailed to the address if there is one',
    body: createInvitationRequest,
    responses: { 201: { description: 'The invitation with its link.', schema: createdInvitation } },
    handler: async ({ principal, body, reply }) =>
      await reply.code(201).send(await invitePerson(context, administratorOf(principal), body)),
  })

  defineRoute(app, {
    ...route,
    method: 'DELETE',
    url: '/api/invitations/:invitationId',
    summary: 'Take an invitation back; again changes nothing',
    params: invitationParams,
    responses: { 204: { description: 'Its link does not work any more.' } },
    handler: async ({ principal, params, reply }) => {
      await revokeInvitation(context.store, administratorOf(principal), params.invitationId)
      return await reply.code(204).send()
    },
  })
}
