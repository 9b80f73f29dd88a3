import { createServiceTokenCheck } from '@askwire/auth'
import { AppError } from '@askwire/contracts'
import { type FastifyInstance, fastify } from 'fastify'
import { a2aRoutes } from './a2a/a2a-routes.ts'
import { agentCard } from './a2a/agent-card.ts'
import type { Ask } from './a2a/parse-ask.ts'
import { TaskRequestHandler } from './a2a/request-handler.ts'
import { answerAsk } from './answer-ask.ts'
import { RunCheckpoints } from './checkpoints/run-checkpoints.ts'
import type { AgentDeps } from './deps.ts'
import { createAgentEvents } from './events.ts'
import { findPassagesOf } from './find-passages.ts'
import { buildGraph } from './graph/build-graph.ts'
import { healthRoutes } from './health-routes.ts'
import { CANCEL_GRACE_MS, CHECKPOINT_SWEEP_MS, DRAIN_MS, LAST_BYTES_MS, MAX_BODY_BYTES } from './limits.ts'
import { LiveTask } from './tasks/live-task.ts'
import { TaskBook } from './tasks/task-book.ts'

export type AgentSettings = {
  host: string
  /** 0: any free one. */
  port: number
  /** What the workers' tokens are signed by; at least 32 characters. Whoever has it may ask for any user. */
  serviceToken: string
  /** The one before, while workers still sign with it. */
  previousServiceToken?: string | undefined
  /** Where callers reach the agent, for its card; default: the address it listens on. */
  publicUrl?: string | undefined
  /** On close, running tasks have this long to finish (default 8 s). */
  drainMs?: number | undefined
}

export type Agent = {
  readonly app: FastifyInstance
  /** Listens; resolves with the address. */
  start(): Promise<{ url: string }>
  /** Takes nothing new, lets running tasks finish within `drainMs`, fails the rest as `draining`. Leaves the store open. */
  close(): Promise<void>
}

/** The knowledge agent as an A2A server. Throws `invalid_request` when the service token is too short. */
export function createAgent(settings: AgentSettings, deps: AgentDeps): Agent {
  const isServiceToken = createServiceTokenCheck(
    [settings.serviceToken, settings.previousServiceToken ?? []].flat(),
    deps.clock.now,
  )
  const events = createAgentEvents(deps.logger, deps.metrics)
  const checkpoints = new RunCheckpoints(deps.store, events.checkpointFailed)
  const { chat } = deps.models
  const condenseBy = chat.name === 'offline' ? 'rule' : 'model'
  const graph = buildGraph({ chat, condenseBy, findPassages: findPassagesOf(deps) }, checkpoints)
  const book = new TaskBook()
  const answers = new Set<Promise<void>>()
  let url = settings.publicUrl ?? `http://${settings.host}:${settings.port}`

  const start = (ask: Ask): LiveTask => {
    const { sessionId, runId, attempt } = ask.request
    const task = new LiveTask({ contextId: sessionId, runId, attempt, question: ask.message })
    book.open(task)
    const answer = answerAsk({ graph, checkpoints, events, chat, titleBy: condenseBy }, task, ask)
    answers.add(answer)
    void answer.finally(() => answers.delete(answer))
    return task
  }

  const app = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: 'idle', exposeHeadRoutes: false })
  app.removeContentTypeParser('text/plain')
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not_found' }))
  app.setErrorHandler((error, _request, reply) => {
    deps.logger.error({ err: error }, 'a request failed')
    return reply.code(500).send({ error: 'internal' })
  })
  const card = () => agentCard(url)
  a2aRoutes(app, {
    handler: new TaskRequestHandler({ card, book, start }),
    card,
    isServiceToken,
    refused: events.authRefused,
  })
  const database = { name: 'database', required: true, check: () => deps.store.ping() }
  healthRoutes(app, { checks: [database], metrics: deps.metrics, draining: () => book.draining })

  let sweep: NodeJS.Timeout | undefined
  return {
    app,
    start: async () => {
      const address = await app.listen({ host: settings.host, port: settings.port })
      url = settings.publicUrl ?? address
      sweep = setInterval(() => void checkpoints.deleteOld(deps.clock.now()), CHECKPOINT_SWEEP_MS)
      return { url: address }
    },
    close: async () => {
      clearInterval(sweep)
      book.drain()
      await settledWithin(answers, settings.drainMs ?? DRAIN_MS)
      for (const task of book.running()) task.stop(new AppError('draining', 'The agent is stopping.'))
      await settledWithin(answers, CANCEL_GRACE_MS)
      await closeApp(app)
    },
  }
}

async function settledWithin(answers: ReadonlySet<Promise<void>>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([Promise.all(answers), late])
  clearTimeout(timer)
}

/** Lets responses under way reach their readers, within a second; connections that are done are closed as they become idle. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), 20)
  const late = setTimeout(() => app.server.closeAllConnections(), LAST_BYTES_MS)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(late)
  }
}
