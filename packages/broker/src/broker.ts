/** A message to be kept until it is handled. `messageId` stays the same when the same thing is published again. */
export type OutgoingMessage = {
  exchange: string
  routingKey: string
  messageId: string
  body: Buffer
  headers?: Record<string, string | number>
}

/** A message as its consumer gets it. `deliveryCount` counts earlier deliveries of it (0 the first time), by the broker's count. */
export type Delivery = {
  readonly messageId: string | undefined
  readonly body: Buffer
  readonly headers: Readonly<Record<string, unknown>>
  readonly redelivered: boolean
  readonly deliveryCount: number
}

/** What a handler's return value does with its message: done, back to the queue, or to the dead letters. */
export type HandlerResult = 'ack' | 'requeue' | 'drop'

export type Consumer = {
  /**
   * Stops taking messages, waits for the handlers under way at most `graceMs`, and hands back what is not finished then.
   * Their later results change nothing. MUST resolve within `graceMs` and a second.
   */
  close(options: { graceMs: number }): Promise<void>
  /** False while there is no live channel behind this consumer. */
  isConsuming(): boolean
}

export type ConsumeOptions = {
  queue: string
  /** Unacknowledged messages at a time, and so the number of handlers running at once. */
  prefetch: number
  /**
   * MUST NOT be called more than `prefetch` times at once. `signal` is aborted when the delivery is no longer ours (the
   * channel or connection under it is gone); the handler's result then changes nothing. A throw counts as `requeue`.
   */
  handler: (delivery: Delivery, context: { signal: AbortSignal }) => Promise<HandlerResult>
}

/** The answer queue of one gateway: news for the sessions that are bound, best effort, in order per publisher. */
export type AnswerQueue = {
  /**
   * Resolves when events of the session published from now on arrive; they are bound again after a reconnect. Rejects with
   * `broker_unavailable` after a bound; the session is then not bound later either. Calls are not counted: one `unbind` ends it.
   */
  bind(sessionId: string): Promise<void>
  /** Never rejects: away from the broker there is nothing to undo. */
  unbind(sessionId: string): Promise<void>
  close(): Promise<void>
}

export type BrokerState = { publishing: boolean; consuming: boolean; blocked: boolean }

/**
 * The port to the message broker. It carries news and work, never truth: anything may be lost or doubled by what is
 * behind it, and nothing breaks. Both implementations pass `broker-contract.ts`.
 */
export type Broker = {
  /** Connects and declares the topology. MUST NOT reject because the broker is away: it goes on trying in the background. */
  start(): Promise<void>
  /**
   * Publishes durable work and waits until the broker has it on disk. Rejects with `broker_unavailable` (away, blocked by an
   * alarm, or lost before it confirmed), `broker_timeout` (no confirm in time), or `broker_rejected` (queue full, no queue
   * bound, or too large). After any but `broker_rejected` it may yet arrive: publish again with the same id. MUST settle within
   * its time-out, and at once when the broker is known to be away. Unconfirmed messages are bounded; past the bound: `broker_unavailable`.
   */
  publish(message: OutgoingMessage): Promise<void>
  /**
   * Sends answer events of a session to whichever gateways follow it: transient, unconfirmed, dropped when no one is bound
   * or the connection is away. MUST NOT throw. Resolves when the socket can take more (back-pressure), at once when away;
   * a socket that stays full loses what callers send without waiting.
   */
  sendAnswers(sessionId: string, frames: string): Promise<void>
  /** Tells all workers and gateways of a cancelled run or a changed principal: transient, unconfirmed, as `sendAnswers`. */
  sendControl(routingKey: string, body: Buffer): Promise<void>
  consume(options: ConsumeOptions): Promise<Consumer>
  /** The answer queue of this gateway. `onFrames` gets a session's frames as they were sent; `onGap` says that frames may have been missed. */
  openAnswerQueue(options: {
    gatewayId: string
    onFrames: (sessionId: string, frames: string) => void
    onGap: () => void
  }): Promise<AnswerQueue>
  /** Subscribes a worker or gateway, by its id, to control messages; its own come too. */
  openControlQueue(options: {
    workerId: string
    onMessage: (body: Buffer) => void
  }): Promise<{ close(): Promise<void> }>
  /** Ready messages and consumers of a durable queue. Rejects with `broker_unavailable`. */
  inspect(queue: string): Promise<{ messages: number; consumers: number }>
  state(): BrokerState
  /** Rejects when the broker does not answer. */
  ping(): Promise<void>
  /** Closes channels and connections after the publishes under way have settled. Consumers still open get no grace: close them first. */
  close(): Promise<void>
}
