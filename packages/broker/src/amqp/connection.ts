import { type BackoffOptions, backoffMs, type Clock, type Logger, withTimeout } from '@askwire/runtime'
import { type ChannelModel, connect } from 'amqplib'
import type { OnBrokerEvent } from '../broker-event.ts'
import { CLOSE_TIMEOUT_MS, STABLE_MS } from './limits.ts'
import { createSlot, whenAborted } from './slot.ts'

/** A connection that is up. `ended` is aborted when it is gone; `cut` destroys its socket. */
export type LiveConnection = {
  readonly model: ChannelModel
  readonly ended: AbortSignal
  cut(reason: Error): void
}

/** One connection to the broker that is made again whenever it is lost, until `close`. */
export type SupervisedConnection = {
  readonly name: string
  start(): void
  live(): LiveConnection | undefined
  wait(signal: AbortSignal): Promise<LiveConnection>
  /** True while the broker refuses to read what we publish (memory or disk alarm). */
  isBlocked(): boolean
  onBlocked(listener: () => void): void
  close(): Promise<void>
}

export type ConnectionOptions = {
  /** With the heartbeat in it. */
  url: string
  name: string
  logger: Logger
  connectTimeoutMs: number
  backoff: BackoffOptions
  clock: Clock
  onEvent: OnBrokerEvent
}

export function superviseConnection(options: ConnectionOptions): SupervisedConnection {
  const { name, logger, clock, onEvent } = options
  const slot = createSlot<LiveConnection>()
  const closing = new AbortController()
  const blockedListeners: (() => void)[] = []
  let blocked = false
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    for (let attempt = 0; !closing.signal.aborted; ) {
      const startedAt = performance.now()
      try {
        await liveOnce()
      } catch (error) {
        logger[attempt === 0 ? 'warn' : 'debug']({ err: error, connection: name }, 'the broker cannot be reached')
      }
      attempt = performance.now() - startedAt > STABLE_MS ? 1 : attempt + 1
      await clock.sleep(backoffMs(attempt, options.backoff), closing.signal).catch(() => {})
    }
  }

  async function liveOnce(): Promise<void> {
    // Aborting destroys the socket, which amqplib itself never does: after a heartbeat timeout it only half-closes it.
    const socket = new AbortController()
    const ended = new AbortController()
    try {
      const model = await openModel(options, socket)
      model.on('error', (error) => logger.warn({ err: error, connection: name }, 'broker connection failed'))
      model.on('close', () => ended.abort(new Error('the broker connection is closed')))
      model.on('blocked', (reason) => setBlocked(true, reason))
      model.on('unblocked', () => setBlocked(false))
      const cut = (reason: Error): void => socket.abort(reason)
      if (!closing.signal.aborted) {
        slot.set({ model, ended: ended.signal, cut })
        logger.info({ connection: name }, 'connected to the broker')
        onEvent({ kind: 'connected', connection: name })
        await whenAborted(AbortSignal.any([ended.signal, closing.signal]))
      }
      slot.set(undefined)
      if (closing.signal.aborted) await withTimeout('closing', CLOSE_TIMEOUT_MS, () => model.close()).catch(() => {})
      else {
        logger.warn({ connection: name }, 'lost the broker')
        onEvent({ kind: 'disconnected', connection: name })
      }
    } finally {
      slot.set(undefined)
      if (blocked) setBlocked(false)
      socket.abort(new Error('done with this socket'))
    }
  }

  function setBlocked(value: boolean, reason?: string): void {
    blocked = value
    logger.warn({ connection: name, reason }, value ? 'the broker blocks publishing' : 'the broker accepts again')
    onEvent({ kind: value ? 'blocked' : 'unblocked', connection: name })
    if (value) for (const listener of blockedListeners) listener()
  }

  return {
    name,
    start: () => {
      running ??= run()
    },
    live: slot.get,
    wait: slot.wait,
    isBlocked: () => blocked,
    onBlocked: (listener) => {
      blockedListeners.push(listener)
    },
    close: async () => {
      closing.abort(new Error('the broker is closed'))
      await running
    },
  }
}

async function openModel(options: ConnectionOptions, socket: AbortController): Promise<ChannelModel> {
  const settings = {
    // amqplib leaves Nagle's algorithm on unless told: a token would wait for the acknowledgement of the one before.
    noDelay: true,
    signal: socket.signal,
    clientProperties: { connection_name: options.name },
  }
  return await withTimeout(`connecting ${options.name}`, options.connectTimeoutMs, () => connect(options.url, settings))
}
