import { eraseAccountRequest, jobView } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import { clearTokenCookies } from '../accounts/cookies.ts'
import type { GatewayContext } from '../context.ts'
import { eraseAccount } from '../sessions/erase-account.ts'
import { eraseSession } from '../sessions/erase-session.ts'
import { jobToView } from '../sessions/job-to-view.ts'
import { sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

/** Erasing for good: one session, or the whole account. */
export function eraseRoutes(app: FastifyInstance, context: GatewayContext): void {
  const responses = { 202: { description: 'The job that erases it.', schema: jobView } }

  defineRoute(app, {
    method: 'POST',
    url: '/api/sessions/:sessionId/erase',
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Erase a session for good, without a trash',
    params: sessionParams,
    responses,
    handler: async ({ principal, params, reply }) =>
      await reply
        .code(202)
        .send(jobToView(await eraseSession(context, principal, params.sessionId), context.clock.now())),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/auth/me/erase',
    access: 'account.manage',
    tag: 'account',
    summary: 'Erase my account and all that is mine; signs me out everywhere at once',
    body: eraseAccountRequest,
    responses,
    handler: async ({ principal, body, request, reply }) => {
      const job = await eraseAccount(context, principal, body)
      clearTokenCookies(request, reply)
      return await reply.code(202).send(jobToView(job, context.clock.now()))
    },
  })
}
