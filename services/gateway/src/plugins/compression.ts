import fastifyCompress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Smaller bodies gain nothing. */
const MIN_BYTES = 1400
const TYPES = /^(text\/(html|css|javascript|plain)|application\/(json|javascript)|image\/svg\+xml)\b/

/**
 * Compresses answers and the files of the page. Never an event stream: it is written to the socket itself, and an encoder would
 * hold its words back. Never what is about accounts: the length of a compressed secret beside a word of the caller tells of it.
 */
export const compression = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRoute', (route) => {
      if (/^\/api\/(auth|me|tokens|users)\b/.test(route.url)) route.compress = false
    })
    await app.register(fastifyCompress, {
      globalDecompression: false,
      encodings: ['br', 'gzip'],
      threshold: MIN_BYTES,
      customTypes: TYPES,
    })
  },
  { name: 'compression' },
)
