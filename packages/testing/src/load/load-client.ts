import { setTimeout as sleep } from 'node:timers/promises'
import type { AskRecord, AskTry, CancelRecord, StreamRecord } from '../checker/recording.ts'
import type { Accounts } from './accounts.ts'
import { type FollowOptions, followSession, type SessionFollower } from './follow-session.ts'
import type { Random } from './random.ts'
import { sendRequest } from './send-request.ts'

export type Question = {
  user: string
  key: string
  tokens: number
  /** How the fake model paces this answer: goes into the model's name. */
  pace?: string
  sessionId?: string | undefined
  onBusy?: 'enqueue' | 'reject' | 'interrupt'
  /** With a key a request that was not answered is sent again; without one it never is. */
  idempotencyKey?: string | undefined
  /** Default: any. */
  gateway?: string
  deadlineMs?: number
  /** Characters put before the question, to make it long. */
  padding?: number
}

export type Accepted = { runId: string; sessionId: string; ask: AskRecord }

/** What several virtual users do on several gateways, all of it recorded. */
export type LoadClient = {
  readonly asks: AskRecord[]
  readonly cancels: CancelRecord[]
  readonly streams: StreamRecord[]
  /** Resolves with `undefined` when it was not accepted. Tries again, with a key, for up to `patienceMs` (default 60 s). */
  ask(question: Question, patienceMs?: number): Promise<Accepted | undefined>
  /** Stops a run; a stop that was not answered is repeated on any gateway for up to 30 s. */
  cancel(runId: string): Promise<CancelRecord>
  follow(
    options: Pick<FollowOptions, 'user' | 'sessionId' | 'after' | 'untilIdle'> & { gateway?: string },
  ): SessionFollower
  /** Ends every follower that was not closed: each would come back for ever. */
  close(): Promise<void>
}

/** After these there is no run, so that a question without a key may be sent again. Any other 503 leaves it open. */
const SURELY_REFUSED = new Set(['ECONNREFUSED', 'draining', 'overloaded'])

/** Creates a client over the gateways. */
export function createLoadClient(options: {
  gateways: () => readonly string[]
  accounts: Accounts
  random: Random
}): LoadClient {
  const { random } = options
  const asks: AskRecord[] = []
  const cancels: CancelRecord[] = []
  const streams: StreamRecord[] = []
  const followers: SessionFollower[] = []
  const userOf = new Map<string, string>()
  const anyGateway = (): string => random.pick(options.gateways())

  const tryAsk = async (question: Question): Promise<AskTry> => {
    const gateway = question.gateway ?? anyGateway()
    const at = Date.now()
    const { tokens, pace, sessionId, onBusy, idempotencyKey, deadlineMs } = question
    const json = {
      message: `${'x'.repeat(question.padding ?? 0)} Please answer run:${question.key}`,
      model: `fake?answer=chain&count=${tokens}${pace ? `&${pace}` : ''}`,
      ...(sessionId !== undefined && { sessionId }),
      ...(onBusy !== undefined && { onBusy }),
      ...(deadlineMs !== undefined && { deadlineMs }),
    }
    const headers = {
      ...options.accounts.headersOf(question.user),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    }
    try {
      const { status, body } = await sendRequest(`${gateway}/api/chat`, { method: 'POST', json, headers })
      const result = { gateway, at, tookMs: Date.now() - at, status }
      if (status !== 202) return { ...result, error: errorCodeOf(body) }
      return { ...result, accepted: { runId: String(body.runId), sessionId: String(body.sessionId) } }
    } catch (error) {
      return { gateway, at, tookMs: Date.now() - at, status: null, error: nameOf(error) }
    }
  }

  return {
    asks,
    cancels,
    streams,
    ask: async (question, patienceMs = 60_000) => {
      const { key, user, tokens, idempotencyKey } = question
      const ask: AskRecord = { key, user, tokens, idempotencyKey, tries: [] }
      asks.push(ask)
      const deadline = performance.now() + patienceMs
      for (;;) {
        const one = await tryAsk(question)
        ask.tries.push(one)
        if (one.accepted) {
          userOf.set(one.accepted.runId, user)
          return { ...one.accepted, ask }
        }
        const mayRepeat = idempotencyKey !== undefined || SURELY_REFUSED.has(one.error ?? '')
        if (!mayRepeat || (one.status !== null && one.status < 429) || performance.now() > deadline) return undefined
        await sleep(random.between(100, 600))
      }
    },
    cancel: async (runId) => {
      const deadline = performance.now() + 30_000
      for (;;) {
        const user = userOf.get(runId)
        if (user === undefined) throw new RangeError(`nobody asked for ${runId}`)
        const record = await tryCancel(anyGateway(), runId, options.accounts.headersOf(user))
        cancels.push(record)
        if (record.status === 200 || performance.now() > deadline) return record
        await sleep(random.between(50, 300))
      }
    },
    follow: ({ gateway, ...rest }) => {
      const name = `follower ${streams.length + 1} of ${rest.sessionId}`
      const gateways = gateway === undefined ? options.gateways() : [gateway]
      const headers = () => options.accounts.headersOf(rest.user)
      const follower = followSession({ name, headers, gateways, random: random.fork(name), ...rest })
      streams.push(follower.record)
      followers.push(follower)
      return follower
    },
    close: async () => {
      await Promise.all(followers.map((follower) => follower.close()))
    },
  }
}

async function tryCancel(gateway: string, runId: string, headers: Record<string, string>): Promise<CancelRecord> {
  const at = Date.now()
  try {
    const { status, body } = await sendRequest(`${gateway}/api/runs/${runId}/cancel`, { method: 'POST', headers })
    return { runId, at, tookMs: Date.now() - at, status, runStatus: status === 200 ? String(body.status) : undefined }
  } catch {
    return { runId, at, tookMs: Date.now() - at, status: null, runStatus: undefined }
  }
}

function errorCodeOf(body: Record<string, unknown>): string {
  const { error } = body
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}

function nameOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
