import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

const DIST = fileURLToPath(new URL('../../../web/dist', import.meta.url))
const YEAR_SECONDS = 31_536_000

/** The page's own addresses; what each of them shows is decided in the page (`services/web/src/state/routes.ts`). */
const PAGES = [
  '/',
  '/c/:sessionId',
  '/signin',
  '/register',
  '/forgot',
  '/reset-password',
  '/account',
  '/account/:section',
  '/admin',
  '/admin/:section',
]

/** Serves the page: hashed assets for ever, the page itself fresh. Without a built page the gateway is an API only. */
export const webClient = fp(
  async (app: FastifyInstance, options: { folder?: string }) => {
    const folder = options.folder ?? DIST
    if (!existsSync(folder)) {
      app.log.warn('the web client is not built: only the API is served')
      return
    }
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      cacheControl: false,
      // A part of a file has no compressed form.
      acceptRanges: false,
      setHeaders: (reply, path) => {
        const immutable = /[\\/]assets[\\/]/.test(path)
        void reply.header('Cache-Control', immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
      },
    })
    // What somebody shared is for those who were given its address, and for no search engine.
    app.get('/s/:key', async (_request, reply) =>
      reply.headers({ 'Cache-Control': 'no-cache', 'X-Robots-Tag': 'noindex, nofollow' }).sendFile('index.html'),
    )
    for (const url of PAGES) {
      app.get(url, async (_request, reply) => await reply.header('Cache-Control', 'no-cache').sendFile('index.html'))
    }
  },
  { name: 'web-client' },
)
