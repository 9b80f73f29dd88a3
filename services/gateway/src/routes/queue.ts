import { editQueuedRequest, queueView, reorderQueueRequest, type Scope } from '@askwire/contracts'
import { tellTakenOut } from '@askwire/runs'
import { deleteQueued, editQueued, listQueue, openSession, reorderQueue } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { queuedParams, sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

const QUEUE = '/api/sessions/:sessionId/queue'

/** `/api/sessions/:sessionId/queue`: the questions that wait for their turn. */
export function queueRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, notices } = context
  const responses = { 200: { description: 'The queue, next first.', schema: queueView } }
  const queueOf = async (owner: Scope, sessionId: string) => ({ items: await listQueue(store, owner, sessionId) })
  const changed = async (owner: Scope, sessionId: string) => {
    notices.tell(owner.userId, { event: 'session.updated', sessionId })
    return await queueOf(owner, sessionId)
  }

  defineRoute(app, {
    method: 'GET',
    url: QUEUE,
    access: 'chat.read',
    tag: 'sessions',
    summary: 'Questions of a session that are not being answered yet',
    params: sessionParams,
    responses,
    handler: async ({ scope, params: { sessionId } }) =>
      await queueOf(await openSession(store, scope, sessionId, 'view'), sessionId),
  })

  defineRoute(app, {
    method: 'PATCH',
    url: QUEUE,
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Put the waiting questions into another order',
    params: sessionParams,
    body: reorderQueueRequest,
    responses,
    handler: async ({ principal, scope, params: { sessionId }, body: { runIds } }) => {
      const owner = await openSession(store, scope, sessionId, 'edit')
      await reorderQueue(store, owner, actorOf(principal), { sessionId, runIds })
      return await changed(owner, sessionId)
    },
  })

  defineRoute(app, {
    method: 'PATCH',
    url: `${QUEUE}/:runId`,
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Edit a question that waits; 409 once it has its turn',
    params: queuedParams,
    body: editQueuedRequest,
    maxBodyBytes: context.config.ASKWIRE_MAX_BODY_BYTES,
    responses,
    handler: async ({ principal, scope, params, body: { message } }) => {
      const owner = await openSession(store, scope, params.sessionId, 'edit')
      await editQueued(store, owner, actorOf(principal), { ...params, message })
      return await changed(owner, params.sessionId)
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: `${QUEUE}/:runId`,
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Delete a question that waits; 409 once it has its turn',
    params: queuedParams,
    responses,
    handler: async ({ principal, scope, params }) => {
      const owner = await openSession(store, scope, params.sessionId, 'edit')
      const run = await deleteQueued(store, owner, actorOf(principal), params)
      // It is gone whatever comes now; whoever waits for its answer is told as soon as the broker can.
      await tellTakenOut(context, run).catch((error: unknown) =>
        context.logger.warn({ err: error, runId: run.id }, 'the end of a deleted question was not told'),
      )
      return await changed(owner, params.sessionId)
    },
  })
}
