import { chunkView, documentView, pageOf, pageQuery } from '@askwire/contracts'
import { getChunk, getDocument, listDocuments } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { chunkParams, documentParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/documents`: what is indexed, and the passage a citation leads to. */
export function documentRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/documents',
    access: 'knowledge.read',
    tag: 'knowledge',
    summary: 'Indexed documents, newest first',
    query: pageQuery,
    responses: { 200: { description: 'A page of documents.', schema: pageOf(documentView) } },
    handler: async ({ scope, query: { limit, cursor } }) =>
      await listDocuments(context.store, scope, { limit, ...(cursor !== undefined && { cursor }) }),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/documents/:documentId',
    access: 'knowledge.read',
    tag: 'knowledge',
    summary: 'An indexed document',
    params: documentParams,
    responses: { 200: { description: 'The document.', schema: documentView } },
    handler: async ({ scope, params }) => await getDocument(context.store, scope, params.documentId),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/documents/:documentId/chunks/:chunkId',
    access: 'knowledge.read',
    tag: 'knowledge',
    summary: 'The passage a citation leads to, with the text around it',
    params: chunkParams,
    responses: { 200: { description: 'The passage.', schema: chunkView } },
    handler: async ({ scope, params }) => await getChunk(context.store, scope, params.documentId, params.chunkId),
  })
}
