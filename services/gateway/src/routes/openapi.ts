import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { openApiDocument } from '../openapi/document.ts'
import { VERSION } from '../version.ts'
import { defineRoute } from './route.ts'

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Askwire API</title>
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`
const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui', deepLinking: true })\n`

/** The OpenAPI document of every route, and a page to read it in. */
export async function openApiRoutes(app: FastifyInstance): Promise<void> {
  defineRoute(app, {
    method: 'GET',
    url: '/api/openapi.json',
    access: 'public',
    tag: 'docs',
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
    handler: async () => openApiDocument(app.routeSpecs, VERSION),
  })
  const page = { method: 'GET', access: 'public', tag: 'docs' } as const
  defineRoute(app, {
    ...page,
    url: '/api/docs',
    summary: 'The API as a page',
    responses: { 200: { description: 'A page.', contentType: 'text/html' } },
    handler: async ({ reply }) => await reply.type('text/html; charset=utf-8').send(PAGE),
  })
  defineRoute(app, {
    ...page,
    url: '/api/docs/start.js',
    summary: 'Starts the page',
    responses: { 200: { description: 'A script.', contentType: 'text/javascript' } },
    handler: async ({ reply }) => await reply.type('text/javascript; charset=utf-8').send(START),
  })
  await app.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/api/docs/assets/',
    allowedPath: (path) => /^\/swagger-ui(-bundle)?\.(js|css)$/.test(path),
    decorateReply: false,
  })
}
