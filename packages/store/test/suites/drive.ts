import { type Actor, newId, type RequestFacts, type Scope, type Usage } from '@askwire/contracts'
import {
  type AcceptResult,
  type Answer,
  acceptQuestion,
  type Claim,
  type ClaimedRun,
  claimRun,
  ensureOwner,
  finishRun,
  markLogged,
  type Question,
  type RunRow,
  type Store,
} from '@askwire/store'
import type { PoolClient } from 'pg'

/** What a suite runs on: the store is opened before the tests and closed after them. */
export type Open = () => Store

export const USAGE: Usage = {
  inputTokens: 12,
  outputTokens: 30,
  totalTokens: 42,
  reasoningTokens: 0,
  cachedTokens: 0,
  estimated: false,
  costMicros: 7,
  currency: 'USD',
}

/** A tenant and a user of their own, so that tests on one database do not see each other. */
export async function newScope(store: Store): Promise<Scope> {
  const scope = { tenantId: newId(), userId: newId() }
  await ensureOwner(store, scope)
  return scope
}

/** What is known of a request: one of its own, from somewhere. */
export const requestFacts = (): RequestFacts => ({ requestId: newId(), address: '192.0.2.7', agent: 'a test' })

/** As `newScope`, for what is recorded. */
export async function newActor(store: Store): Promise<Actor> {
  return { ...(await newScope(store)), ...requestFacts() }
}

export async function offer(store: Store, scope: Scope, question: Partial<Question> = {}): Promise<AcceptResult> {
  return await acceptQuestion(store, scope, { message: 'why?', onBusy: 'enqueue', deadlineMs: 60_000, ...question })
}

/** An accepted run, or a failed test. */
export async function ask(store: Store, scope: Scope, question: Partial<Question> = {}): Promise<RunRow> {
  const result = await offer(store, scope, question)
  if (result.kind !== 'accepted') throw new Error(`not accepted: ${result.kind}`)
  return result.run
}

export function claimOf(runId: string, claim: Partial<Claim> = {}): Claim {
  return { runId, workerId: 'worker-1', leaseMs: 30_000, redelivered: false, maxTries: 3, ...claim }
}

/** A claimed run, or a failed test. */
export async function take(store: Store, run: { id: string }, claim: Partial<Claim> = {}): Promise<ClaimedRun> {
  const result = await claimRun(store, claimOf(run.id, claim))
  if (result.kind !== 'claimed') throw new Error(`not claimed: ${result.kind}`)
  return result.run
}

export function answerOf(content: string, answer: Partial<Answer> = {}): Answer {
  return { content, model: 'offline', resources: [], usage: USAGE, finishReason: 'stop', partial: false, ...answer }
}

/** Claims a queued run, answers it and marks its end as logged. */
export async function complete(store: Store, run: RunRow, content = 'because'): Promise<RunRow> {
  const { attempt } = await take(store, run)
  const ended = await finishRun(store, { runId: run.id, attempt, status: 'succeeded', answer: answerOf(content) })
  if (!ended) throw new Error('the attempt was fenced')
  await markLogged(store, run.id)
  return ended.run
}

/** The code of the `AppError` that `work` ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

export async function runById(store: Store, runId: string): Promise<RunRow> {
  return await store.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()
}

export async function answersOf(store: Store, runId: string): Promise<{ id: string; content: string }[]> {
  return await store.db
    .selectFrom('messages')
    .select(['id', 'content'])
    .where('runId', '=', runId)
    .where('role', '=', 'assistant')
    .execute()
}

/** Begin and commit of a scoped statement travel with it and cost no round trip. */
const isStatement = (text: unknown): boolean => typeof text !== 'string' || !/^(begin|commit)/.test(text)

/** Runs `work` and counts the statements that the store's connections are given meanwhile, without begins and commits. */
export async function countStatements<T>(
  store: Store,
  work: () => Promise<T>,
): Promise<{ statements: number; result: T }> {
  let statements = 0
  const watched = new Map<PoolClient, PoolClient['query']>()
  const watch = (client: PoolClient): void => {
    if (watched.has(client)) return
    const { query } = client
    watched.set(client, query)
    const counting = (...args: unknown[]): unknown => {
      const [first] = args
      if (isStatement(typeof first === 'object' && first !== null && 'text' in first ? first.text : first))
        statements += 1
      return Reflect.apply(query, client, args)
    }
    Object.assign(client, { query: counting })
  }
  store.pool.on('acquire', watch)
  try {
    return { result: await work(), statements }
  } finally {
    store.pool.off('acquire', watch)
    for (const [client, query] of watched) Object.assign(client, { query })
  }
}
