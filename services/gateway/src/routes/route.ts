import type { Permission, Scope } from '@askwire/contracts'
import { AppError } from '@askwire/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Authenticate, type Principal, requirePermission, scopeOf } from '../principal.ts'
import type { AnswerOnce, KeepReply } from '../replies/answer-once.ts'
import { idempotencyHeaders } from './idempotency-headers.ts'

/** What a handler gets: who asks, and the parsed input; `request` and `reply` only for streams, cookies and headers. */
export type RouteInput<P, Q, B, H> = {
  /** Throws for a `public` route, which has nobody. */
  principal: Principal
  /** The principal's own data. */
  scope: Scope
  params: P
  query: Q
  body: B
  headers: H
  request: FastifyRequest
  reply: FastifyReply
}

export type RouteResponse = {
  description: string
  schema?: z.ZodType
  contentType?: string | readonly string[]
  /** A file to be kept: without HEAD, for which it would have to be read. */
  file?: boolean
  /** It may be, or is, a stream of events: of answers, or of notices. */
  stream?: boolean | 'notices'
}

/** What is known of a route beside its handler: how it is found, who may call it, and what it says of itself. */
export type RouteDescription = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With `:name` parameters, as Fastify has them. */
  url: string
  /** The permission it takes; `public` routes serve anyone. There is no default. */
  access: 'public' | Permission
  summary: string
  tag: string
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  headers?: z.ZodType
  /** The body is a file of one of these media types, and the handler gets its stream. */
  upload?: readonly string[]
  /**
   * It makes something: the same request with the same `Idempotency-Key` makes it once, and gets the same reply. `sessionIn`: the reply's
   * field with the session it tells of, with which it is forgotten.
   */
  creates?: { sessionIn?: string }
  /** Largest body, when it is more than a form's 64 KiB. */
  maxBodyBytes?: number
  responses: Record<number, RouteResponse>
}

/** A route as it is registered and as it is documented: one declaration, so the two cannot differ. */
export type RouteSpec<P, Q, B, H> = RouteDescription & {
  params?: z.ZodType<P>
  query?: z.ZodType<Q>
  body?: z.ZodType<B>
  headers?: z.ZodType<H>
  handler: (input: RouteInput<P, Q, B, H>) => Promise<unknown>
}

/** Bodies of the API are a few fields; what takes a long text says so. */
const MAX_BODY_BYTES = 65_536

/** Where nothing is taken, fields that nobody reads are refused as unknown ones are elsewhere. */
const noBody = z.strictObject({}).nullish()

declare module 'fastify' {
  interface FastifyInstance {
    authenticate: Authenticate
    routeSpecs: RouteDescription[]
    answerOnce: AnswerOnce
  }
  interface FastifyContextConfig {
    /** Its body may take long to arrive. */
    isUpload?: boolean
  }
  interface FastifyRequest {
    /** Set for every route that is not public, before the body is read. */
    principal: Principal | null
    keepReply: KeepReply | null
  }
}

/** Registers a route: parses its input at the edge, finds the caller, and keeps its description for OpenAPI. */
export function defineRoute<P = undefined, Q = undefined, B = undefined, H = undefined>(
  app: FastifyInstance,
  spec: RouteSpec<P, Q, B, H>,
): void {
  app.routeSpecs.push(spec.creates ? { ...spec, headers: idempotencyHeaders } : spec)
  app.route({
    method: spec.method,
    url: spec.url,
    config: { isUpload: spec.upload !== undefined },
    bodyLimit: spec.maxBodyBytes ?? MAX_BODY_BYTES,
    // HEAD is GET without its body. A stream has no end, so it has no HEAD.
    exposeHeadRoute: spec.method === 'GET' && !Object.values(spec.responses).some(({ stream, file }) => stream || file),
    // Before the body is read: a stranger's body costs nothing.
    onRequest: async (request) => {
      if (spec.access === 'public') return
      request.principal = await app.authenticate(request)
      requirePermission(request.principal, spec.access)
    },
    preSerialization: async (request, reply, payload) => {
      if (reply.statusCode < 400) await request.keepReply?.(reply.statusCode, payload, spec.creates?.sessionIn)
      return payload
    },
    handler: async (request, reply) => {
      if (!spec.body && !spec.upload) parsePart(noBody, request.body, 'body')
      const input = {
        get principal() {
          if (!request.principal) throw new Error('a public route has no principal')
          return request.principal
        },
        get scope() {
          return scopeOf(this.principal)
        },
        params: parsePart(spec.params, request.params, 'params'),
        query: parsePart(spec.query, request.query, 'query'),
        body: parsePart(spec.body, request.body, 'body'),
        headers: parsePart(spec.headers, request.headers, 'headers'),
        request,
        reply,
      }
      const key = spec.creates && parsePart(idempotencyHeaders, request.headers, 'headers')['idempotency-key']
      if (!key) return await spec.handler(input)
      return await app.answerOnce(request, reply, { scope: input.scope, key, work: () => spec.handler(input) })
    },
  })
}

/** A malformed id in a path names nothing, so it is 404; anything else malformed is 400 with every problem listed. */
function parsePart<T>(
  schema: z.ZodType<T> | undefined,
  value: unknown,
  part: 'params' | 'query' | 'body' | 'headers',
): T {
  if (!schema) return undefined as T
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  if (part === 'params') throw new AppError('not_found', 'There is nothing here by that id.')
  const details = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }))
  throw new AppError('invalid_request', 'The request is not valid.', { details })
}
