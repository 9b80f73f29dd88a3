import { pageOf, searchHit, searchQuery } from '@askwire/contracts'
import { searchMessages } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { defineRoute } from './route.ts'

/** `GET /api/search`: full text over one's own questions, answers and titles. */
export function searchRoutes(app: FastifyInstance, { store }: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/search',
    access: 'chat.read',
    tag: 'search',
    summary: 'Search my questions, answers and titles: words, "phrases", -without, this OR that',
    query: searchQuery,
    responses: { 200: { description: 'A page of hits, best first.', schema: pageOf(searchHit) } },
    handler: async ({ scope, query }) => await searchMessages(store, scope, query),
  })
}
