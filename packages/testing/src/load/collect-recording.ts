import type { Recording, RunTruth } from '../checker/recording.ts'
import { waitFor } from '../wait-for.ts'
import type { Accounts } from './accounts.ts'
import { type DatabaseClient, openDatabaseClient } from './database-client.ts'
import { followSession } from './follow-session.ts'
import type { LoadClient } from './load-client.ts'
import { createRandom } from './random.ts'
import { sendRequest } from './send-request.ts'

const PARALLEL = 8
const REPLAY_TIMEOUT_MS = 30_000

/**
 * Waits until every run has ended and its end is in the log (at most `quietMs`, default 60 s; what has not is then the
 * checker's to find), and reads what is true: the rows, what `GET` shows, and each session's uncut stream.
 * With `prefix` only questions whose keys begin with it count: several loads may share a cluster.
 */
export async function collectRecording(
  client: LoadClient,
  options: { databaseUrl: string; gateway: string; accounts: Accounts; quietMs?: number; prefix?: string },
): Promise<Recording> {
  const database = await openDatabaseClient(options.databaseUrl)
  const mine = `%run:${options.prefix ?? ''}%`
  try {
    await waitFor(async () => (await countUnsettled(database, mine)) === 0, {
      timeoutMs: options.quietMs ?? 60_000,
      intervalMs: 200,
      what: 'the end of every run',
    }).catch(() => {})
    const rows = await readRuns(database, mine)
    const { gateway, accounts } = options
    const runs = await inParallel(rows, async ({ userId, ...row }): Promise<RunTruth> => {
      const { status, body } = await sendRequest(`${gateway}/api/runs/${row.runId}`, {
        headers: accounts.headersOfId(userId),
      })
      if (status !== 200) return { ...row, view: undefined }
      return {
        ...row,
        view: { status: String(body.status), answerId: body.answerId === null ? null : String(body.answerId) },
      }
    })
    const sessions = [...new Map(rows.map(({ sessionId, userId }) => [sessionId, userId]))]
    const messages = await inParallel(sessions, ([id, user]) => readMessages(gateway, id, accounts.headersOfId(user)))
    const replays = await inParallel(sessions, ([id, user]) => replay(gateway, id, () => accounts.headersOfId(user)))
    const { asks, cancels, streams } = client
    return { asks, cancels, streams, replays, runs, messages: messages.flat() }
  } finally {
    await database.close()
  }
}

async function countUnsettled(database: DatabaseClient, mine: string): Promise<number> {
  const rows = await database.query<{ count: number }>(
    `select count(*)::int as count from runs r join messages m on m.id = r.question_id
    where (r.finished_at is null or r.logged_at is null) and m.content like $1`,
    [mine],
  )
  return rows[0]?.count ?? 0
}

async function readRuns(
  database: DatabaseClient,
  mine: string,
): Promise<(Omit<RunTruth, 'view'> & { userId: string })[]> {
  return await database.query<Omit<RunTruth, 'view'> & { userId: string }>(
    `select r.user_id as "userId", r.id as "runId", r.session_id as "sessionId", r.status, r.attempt, r.answer_id as "answerId",
      r.error->>'code' as "errorCode", m.content as question
    from runs r join messages m on m.id = r.question_id where m.content like $1 order by r.seq`,
    [mine],
  )
}

async function readMessages(
  gateway: string,
  sessionId: string,
  headers: Record<string, string>,
): Promise<Recording['messages']> {
  const messages: Recording['messages'] = []
  let cursor: unknown
  do {
    const from = typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const { status, body } = await sendRequest(`${gateway}/api/sessions/${sessionId}/messages?limit=100${from}`, {
      headers,
    })
    if (status !== 200) throw new Error(`messages of ${sessionId}: ${status}`)
    messages.push(...(body.items as Recording['messages']))
    cursor = body.nextCursor
  } while (typeof cursor === 'string')
  return messages
}

/** The whole stream of a session as it can be read now. */
async function replay(
  gateway: string,
  sessionId: string,
  headers: () => Record<string, string>,
): Promise<Recording['replays'][number]> {
  const follower = followSession({
    name: `replay of ${sessionId}`,
    user: 'checker',
    headers,
    sessionId,
    gateways: [gateway],
    random: createRandom(1),
    untilIdle: true,
  })
  await waitFor(() => follower.record.connections.at(-1)?.ended === 'end', {
    timeoutMs: REPLAY_TIMEOUT_MS,
    what: `replay of ${sessionId}`,
  }).catch(() => {})
  await follower.close()
  return follower.record
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const lanes = Array.from({ length: PARALLEL }, async () => {
    while (next < items.length) {
      const at = next
      next += 1
      results[at] = await work(items[at]!)
    }
  })
  await Promise.all(lanes)
  return results
}
