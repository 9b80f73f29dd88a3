import { AppError, answerQueue, EXCHANGES } from '@askwire/contracts'
import type { Clock, Logger } from '@askwire/runtime'
import type { AnswerQueue } from '../broker.ts'
import type { OnBrokerEvent } from '../broker-event.ts'
import { BATCH_TYPE, decodeBatch } from './answer-batch.ts'
import { createBindings } from './bindings.ts'
import type { SupervisedConnection } from './connection.ts'
import { RPC_TIMEOUT_MS } from './limits.ts'
import { superviseTransientQueue } from './transient-queue.ts'

export type AnswerQueueOptions = {
  gatewayId: string
  onFrames: (sessionId: string, frames: string) => void
  onGap: () => void
  bindTimeoutMs: number
  connection: SupervisedConnection
  logger: Logger
  clock: Clock
  onEvent: OnBrokerEvent
}

/** What one of many bindings may take while the queue is made again; 0.4 ms is usual. */
const MS_PER_BINDING = 20

/** The answer queue of one gateway, made again with all its bindings whenever it is lost. */
export function createAnswerQueue(
  options: AnswerQueueOptions,
): AnswerQueue & { ready(signal: AbortSignal): Promise<void> } {
  const bindings = createBindings(EXCHANGES.answers)
  const supervised = superviseTransientQueue({
    ...options,
    queue: answerQueue(options.gatewayId),
    exchange: { name: EXCHANGES.answers, type: 'direct' },
    setupTimeoutMs: () => RPC_TIMEOUT_MS + bindings.size() * MS_PER_BINDING,
    bind: bindings.attach,
    onMessage: ({ content, fields, properties }) => {
      if (properties.type !== BATCH_TYPE) return options.onFrames(fields.routingKey, content.toString('utf8'))
      for (const { sessionId, frames } of decodeBatch(content, bindings.has)) options.onFrames(sessionId, frames)
    },
  })
  return {
    bind: async (sessionId) => {
      if (await bindings.add(sessionId, options.bindTimeoutMs)) return
      throw new AppError('broker_unavailable', 'The answers of this session cannot be followed at the moment.')
    },
    unbind: (sessionId) => bindings.remove(sessionId, options.bindTimeoutMs),
    ready: async (signal) => {
      await supervised.wait(signal)
    },
    close: () => supervised.close(),
  }
}
