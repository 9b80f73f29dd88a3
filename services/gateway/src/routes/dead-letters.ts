import { deadLetterSummary, deadLetterView, pageOf, pageQuery, replayed } from '@askwire/contracts'
import { replayDeadLetter } from '@askwire/runs'
import { getDeadLetter, listDeadLetters } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { letterParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/dead-letters`: the questions no worker could take, for operators. They are of all owners. */
export function deadLetterRoutes(app: FastifyInstance, context: GatewayContext): void {
  const route = { access: 'installation.operate', tag: 'operations' } as const

  defineRoute(app, {
    ...route,
    method: 'GET',
    url: '/api/dead-letters',
    summary: 'Dead letters of all owners, newest first (operators)',
    query: pageQuery,
    responses: { 200: { description: 'A page of dead letters.', schema: pageOf(deadLetterSummary) } },
    handler: async ({ query }) => await listDeadLetters(context.store, query),
  })

  defineRoute(app, {
    ...route,
    method: 'GET',
    url: '/api/dead-letters/:letterId',
    summary: 'A dead letter with its message (operators)',
    params: letterParams,
    responses: { 200: { description: 'The dead letter.', schema: deadLetterView } },
    handler: async ({ params }) => await getDeadLetter(context.store, params.letterId),
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/dead-letters/:letterId/replay',
    summary: 'Give the question of a dead letter another chance; the same run however often (operators)',
    params: letterParams,
    responses: { 200: { description: 'The run that now stands for it.', schema: replayed } },
    handler: async ({ params }) => {
      const result = await replayDeadLetter(context, params.letterId)
      context.events.deadLetterReplayed(params.letterId, result.runId)
      return result
    },
  })
}
