import { setTimeout as sleep } from 'node:timers/promises'
import type { SeenEvent, StreamRecord } from '../checker/recording.ts'
import { waitFor } from '../wait-for.ts'
import { type EventStream, openEventStream } from './open-event-stream.ts'
import type { Random } from './random.ts'

/** As the stream's `retry:` line asks, with jitter around it. */
const RETRY_MS = { from: 200, to: 1000 }

export type SessionFollower = {
  readonly record: StreamRecord
  /** Resolves with the run's terminal event, or the snapshot that shows it ended. Rejects after `timeoutMs`. */
  untilEnd(runId: string, timeoutMs: number): Promise<SeenEvent>
  /** Resolves with the first event for which `matches` holds. Rejects after `timeoutMs`. */
  until(what: string, matches: (event: SeenEvent) => boolean, timeoutMs?: number): Promise<SeenEvent>
  /** Cuts the connection as a lost network does; it comes back by itself on another gateway. */
  cut(): void
  /** Takes the connection to one gateway and keeps it there. */
  moveTo(gateway: string): void
  close(): Promise<void>
}

export type FollowOptions = {
  name: string
  user: string
  sessionId: string
  /** Asked at each connection, since tokens end. */
  headers: () => Record<string, string>
  gateways: readonly string[]
  random: Random
  /** Default `0-0`: from the session's first event. `live` sends no id at first. */
  after?: string | 'live'
  untilIdle?: boolean
}

/** Follows a session like a browser: on any gateway, with jittered reconnects by the last id it has. */
export function followSession(options: FollowOptions): SessionFollower {
  const { random } = options
  const after = options.after === 'live' ? undefined : (options.after ?? '0-0')
  const record: StreamRecord = { ...pick(options), after, connections: [], events: [] }
  let lastId = after
  let open: EventStream | undefined
  let over = false
  let fixed: string | undefined

  const connect = async (): Promise<'over' | 'again'> => {
    const gateway = fixed ?? random.pick(options.gateways)
    const number = record.connections.length
    const connection: StreamRecord['connections'][number] = {
      gateway,
      openedAt: Date.now(),
      lastEventId: lastId,
      status: null,
      ended: undefined,
    }
    record.connections.push(connection)
    const url = `${gateway}/api/sessions/${options.sessionId}/events${options.untilIdle ? '?until=idle' : ''}`
    open = openEventStream(url, {
      lastEventId: lastId,
      headers: options.headers(),
      onFrame: (frame) => {
        record.events.push({ at: Date.now(), connection: number, ...frame })
        if (frame.id !== null) lastId = frame.id
      },
    })
    connection.status = await open.opened.catch(() => null)
    connection.ended = await open.closed
    if (over || connection.status === 204) return 'over'
    return options.untilIdle && connection.status === 200 && connection.ended === 'end' ? 'over' : 'again'
  }

  const done = (async () => {
    while (!over && (await connect()) === 'again') {
      if (!over) await sleep(random.between(RETRY_MS.from, RETRY_MS.to))
    }
  })()

  const until: SessionFollower['until'] = async (what, matches, timeoutMs = 20_000) => {
    let at = 0
    return await waitFor(
      () => {
        for (; at < record.events.length; at += 1) if (matches(record.events[at]!)) return record.events[at]
        return undefined
      },
      { timeoutMs, intervalMs: 10, what: `${options.name}: ${what}` },
    )
  }

  return {
    record,
    until,
    untilEnd: async (runId, timeoutMs) => await until(`end of ${runId}`, (event) => tellsEnd(event, runId), timeoutMs),
    cut: () => open?.close(),
    moveTo: (gateway) => {
      fixed = gateway
      open?.close()
    },
    close: async () => {
      over = true
      open?.close()
      await done
    },
  }
}

const pick = ({ name, user, sessionId }: FollowOptions) => ({ name, user, sessionId })

/** A snapshot tells it too: it stands for everything the log has lost. */
function tellsEnd({ event, data }: SeenEvent, runId: string): boolean {
  if (event === 'workflow_finished') return data.runId === runId
  if (event !== 'snapshot') return false
  const messages = Array.isArray(data.messages) ? (data.messages as { runId: unknown; role: unknown }[]) : []
  return data.activeRun === null || messages.some((one) => one.runId === runId && one.role === 'assistant')
}
