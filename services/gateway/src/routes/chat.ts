import { AppError, accepted, askRequest, encodeFrame, messageView, runView, TERMINAL_EVENT } from '@askwire/contracts'
import { isoTime } from '@askwire/runtime'
import { getAnswer, getRun } from '@askwire/store'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { askQuestion } from '../ask-question.ts'
import type { GatewayContext } from '../context.ts'
import { holderOf, type Principal } from '../principal.ts'
import type { AskedQuestion } from '../start-run.ts'
import { openSse } from '../stream/sse-response.ts'
import { streamSession } from '../stream/stream-session.ts'
import { streamToResponse } from '../stream/stream-to-response.ts'
import { collectUntilEnd } from '../stream/wait-for-end.ts'
import { idempotencyHeaders } from './idempotency-headers.ts'
import { defineRoute } from './route.ts'
import { runToView } from './run-view.ts'

const answered = accepted.extend({ run: runView, answer: messageView.nullable() })

/** `POST /api/chat`: accept a question, and answer at once, as a stream, or when it is done. */
export function chatRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'POST',
    url: '/api/chat',
    access: 'chat.ask',
    tag: 'chat',
    summary: 'Ask a question',
    headers: idempotencyHeaders,
    body: askRequest,
    maxBodyBytes: context.config.ASKWIRE_MAX_BODY_BYTES,
    responses: {
      200: {
        description: '`mode: stream`: the events of the run. `mode: blocking`: the answer.',
        schema: answered,
        stream: true,
      },
      202: { description: '`mode: async`: the question is accepted and will be answered.', schema: accepted },
    },
    handler: async ({ principal, body, headers: { 'idempotency-key': key }, reply }) => {
      if (context.draining()) throw new AppError('draining', 'This replica is shutting down.')
      const asked = await askQuestion(context, principal, body, key)
      switch (body.mode) {
        case 'async':
          return await reply.code(202).send(asked.accepted)
        case 'stream':
          return await streamAnswer(context, principal, asked, reply)
        case 'blocking':
          return await waitForAnswer(context, principal, asked, reply)
        default:
          return body.mode satisfies never
      }
    },
  })
}

async function streamAnswer(
  context: GatewayContext,
  principal: Principal,
  { accepted: question, run, created, scope }: AskedQuestion,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.hijack()
  const sse = openSse(reply.raw, reply.getHeaders())
  sse.write(encodeFrame('accepted', { attempt: 0, at: isoTime(context.clock), ...question }))
  await streamToResponse(context, scope, sse, {
    sessionId: run.sessionId,
    holder: holderOf(principal, 'chat.ask', { sessionId: run.sessionId, ownerId: scope.userId }),
    start: { kind: 'run', run, isNew: created },
    untilIdle: false,
  })
  return reply
}

async function waitForAnswer(
  context: GatewayContext,
  principal: Principal,
  { accepted: question, run: asked, created, scope }: AskedQuestion,
  reply: FastifyReply,
): Promise<unknown> {
  const { sessionId, runId } = question
  const ended = await collectUntilEnd(context.config.ASKWIRE_BLOCKING_TIMEOUT_MS, reply.raw, async (sink) => {
    await streamSession(context, scope, sink, {
      sessionId,
      holder: holderOf(principal, 'chat.ask', { sessionId, ownerId: scope.userId }),
      start: { kind: 'run', run: asked, isNew: created },
      untilIdle: false,
      onEvent: (event) => event.event === TERMINAL_EVENT && sink.end(),
    })
  })
  const run = await getRun(context.store, scope, runId)
  if (!ended && run.finishedAt === null) {
    throw new AppError(
      'still_running',
      'The answer is taking longer; it goes on. Follow the session or ask for the run.',
      { facts: { runId, sessionId } },
    )
  }
  return {
    ...question,
    status: run.status,
    run: await runToView(context, run),
    answer: run.answerId ? await getAnswer(context.store, run.id) : null,
  }
}
