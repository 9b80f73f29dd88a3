import { backoffMs, type Clock, type Logger, TimeoutError, withTimeout } from '@askwire/runtime'
import type { Channel, ChannelModel } from 'amqplib'
import type { OnBrokerEvent } from '../broker-event.ts'
import type { LiveConnection, SupervisedConnection } from './connection.ts'
import { CHANNEL_BACKOFF, CLOSE_TIMEOUT_MS, RPC_TIMEOUT_MS, STABLE_MS } from './limits.ts'
import { createSlot, whenAborted } from './slot.ts'

/** A channel that is set up. `life` is aborted the moment it can no longer be used: never answer a delivery after that. */
export type LiveChannel<C extends Channel> = { readonly channel: C; readonly life: AbortSignal }

/**
 * A channel that is opened and set up again whenever it is lost: with its connection, or alone (the broker closes a
 * channel for a consumer time-out or a double ack while the connection lives on, which no reconnect would notice).
 */
export type SupervisedChannel<C extends Channel> = {
  live(): LiveChannel<C> | undefined
  wait(signal: AbortSignal): Promise<LiveChannel<C>>
  /** No new channel after the one that is live now. */
  retire(): void
  /** Gives the present channel up; another is made unless retired. */
  recycle(reason: Error): void
  /** Resolves within a second. */
  close(): Promise<void>
}

export type ChannelOptions<C extends Channel> = {
  name: string
  connection: SupervisedConnection
  open: (model: ChannelModel) => Promise<C>
  /** Declares, binds, consumes. Bounded by `setupTimeoutMs`: past it the connection is cut. */
  setup: (channel: C, life: AbortSignal, connection: LiveConnection) => Promise<void>
  setupTimeoutMs?: () => number
  logger: Logger
  clock: Clock
  onEvent: OnBrokerEvent
}

export function superviseChannel<C extends Channel>(options: ChannelOptions<C>): SupervisedChannel<C> {
  const { name, connection, logger, clock } = options
  const slot = createSlot<LiveChannel<C>>()
  const retired = new AbortController()
  let current: { channel: C; life: AbortController } | undefined
  const running = run()

  async function run(): Promise<void> {
    for (let attempt = 0; !retired.signal.aborted; ) {
      const startedAt = performance.now()
      const link = await connection.wait(retired.signal).catch(() => undefined)
      if (!link) return
      try {
        await liveOnce(link)
        if (!retired.signal.aborted) options.onEvent({ kind: 'channel_lost', channel: name })
      } catch (error) {
        if (!retired.signal.aborted) logger.warn({ err: error, channel: name }, 'a broker channel could not be set up')
      }
      // A lost connection has its own backoff; only a channel that dies alone needs one here.
      attempt = link.ended.aborted || performance.now() - startedAt > STABLE_MS ? 0 : attempt + 1
      if (attempt > 0) await clock.sleep(backoffMs(attempt, CHANNEL_BACKOFF), retired.signal).catch(() => {})
    }
  }

  async function liveOnce(link: LiveConnection): Promise<void> {
    const life = new AbortController()
    try {
      const channel = await withTimeout(`opening ${name}`, RPC_TIMEOUT_MS, () => options.open(link.model))
      current = { channel, life }
      channel.on('error', (error) => logger.warn({ err: error, channel: name }, 'the broker closed a channel'))
      // First of all listeners: when amqplib fails the unconfirmed publishes, `life` must already be over.
      channel.prependListener('close', () => life.abort(new Error('the broker channel is closed')))
      const timeoutMs = options.setupTimeoutMs?.() ?? RPC_TIMEOUT_MS
      await withTimeout(`setting up ${name}`, timeoutMs, () => options.setup(channel, life.signal, link))
      life.signal.throwIfAborted()
      retired.signal.throwIfAborted()
      slot.set({ channel, life: life.signal })
      await whenAborted(life.signal)
    } catch (error) {
      // An unanswered request on an open connection means that nobody is at the other end.
      if (error instanceof TimeoutError) link.cut(error)
      throw error
    } finally {
      slot.set(undefined)
      const mine = current
      current = undefined
      life.abort(new Error('the broker channel is given up'))
      if (mine) await closeQuietly(mine.channel)
    }
  }

  return {
    live: slot.get,
    wait: slot.wait,
    retire: () => retired.abort(new Error('the broker channel is closed')),
    recycle: (reason) => current?.life.abort(reason),
    close: async () => {
      retired.abort(new Error('the broker channel is closed'))
      current?.life.abort(new Error('the broker channel is closed'))
      // A request of its setup may be under way to a broker that is silent: it ends by itself, without us.
      await withTimeout(`closing ${name}`, CLOSE_TIMEOUT_MS + 100, () => running).catch(() => {})
    },
  }
}

/** Closes after everything written on the channel has been read by the broker, or gives up after a bound. */
async function closeQuietly(channel: Channel): Promise<void> {
  await withTimeout('closing a channel', CLOSE_TIMEOUT_MS, () => channel.close()).catch(() => {})
}
