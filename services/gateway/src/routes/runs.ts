import { cancelled, runView } from '@askwire/contracts'
import { cancelRun } from '@askwire/runs'
import { getRun, openSessionOfRun } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { inOwnOr } from '../sessions/in-own-or.ts'
import { runParams } from './params.ts'
import { defineRoute } from './route.ts'
import { runToView } from './run-view.ts'

/** `/api/runs`: see a run, stop a run. */
export function runRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/runs/:runId',
    access: 'chat.read',
    tag: 'runs',
    summary: 'A run, its state and its timings',
    params: runParams,
    responses: { 200: { description: 'The run.', schema: runView } },
    handler: async ({ scope, params: { runId } }) => {
      const run = await inOwnOr(
        scope,
        () => openSessionOfRun(context.store, scope, runId, 'view'),
        (owner) => getRun(context.store, owner, runId),
      )
      return await runToView(context, run)
    },
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/runs/:runId/cancel',
    access: 'chat.ask',
    tag: 'runs',
    summary: 'Stop a run; answers once the partial answer is stored. A finished run keeps its state.',
    params: runParams,
    responses: { 200: { description: 'The run as it ended.', schema: cancelled } },
    handler: async ({ scope, params: { runId } }) => {
      const run = await inOwnOr(
        scope,
        () => openSessionOfRun(context.store, scope, runId, 'edit'),
        (owner) => cancelRun(context, owner, runId),
      )
      context.events.cancelRequested(run)
      return { runId: run.id, status: run.status, answerId: run.answerId }
    },
  })
}
