import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { AppError, type ErrorCode, newId } from '@askwire/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { errorResponse, toAppError } from '../errors.ts'

/** Every failure leaves as the protocol's error; what is not expected is logged with its cause and told without it. */
export const errorHandling = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      const known = toAppError(error)
      if (known.code === 'internal') request.log.error({ err: known.cause ?? error }, 'request failed')
      else if (known.cause !== undefined) request.log.warn({ err: known.cause, code: known.code }, 'request refused')
      const { status, body, retryAfter } = errorResponse(known, request.id)
      if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter))
      return await reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
    })
    app.setNotFoundHandler(async (request, reply) => {
      if (!app.supportedMethods.includes(request.method)) {
        reply.header('Allow', 'DELETE, GET, HEAD, OPTIONS, PATCH, POST')
        throw new AppError('method_not_allowed', 'This address does not take that method.')
      }
      throw new AppError('not_found', 'There is nothing at this address.')
    })
  },
  { name: 'error-handling' },
)

const NOSNIFF = { 'X-Content-Type-Options': 'nosniff' }

/** An address that cannot be decoded finds no route, and so no hook of ours: it names nothing. */
export function answerUnroutable(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = errorResponse(new AppError('not_found', 'There is nothing at this address.'), request.id)
  void reply
    .code(status)
    .headers({ ...NOSNIFF, 'X-Request-Id': request.id })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}

/** What Node's parser says of a request that is none, by its code. */
const BROKEN: Record<string, [ErrorCode, string, number?]> = {
  // HTTP has statuses of its own for headers, and for what does not arrive.
  HPE_HEADER_OVERFLOW: ['payload_too_large', 'The headers are too large.', 431],
  ERR_HTTP_REQUEST_TIMEOUT: ['invalid_request', 'The request took too long to arrive.', 408],
}

/** Answers on the bare socket when there is no request yet: the one error shape, and then the end. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [code, message, own] = BROKEN[error.code ?? ''] ?? ['invalid_request', 'This is not an HTTP request.']
  const { status: usual, body } = errorResponse(new AppError(code, message), newId())
  const status = own ?? usual
  const text = JSON.stringify({ ...body, error: { ...body.error, statusCode: status } })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
  socket.destroySoon()
}
