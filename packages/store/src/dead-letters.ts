import { createHash } from 'node:crypto'
import {
  AppError,
  type DeadLetterReason,
  type DeadLetterSummary,
  type DeadLetterView,
  type Death,
  newId,
  type Page,
} from '@askwire/contracts'
import { type Selectable, sql } from 'kysely'
import { newestFirst, type PageRequest } from './cursor.ts'
import type { DeadLettersTable } from './database.ts'
import type { RunRow } from './runs/run-row.ts'
import { clock, json, storableText } from './sql.ts'
import type { Store } from './store.ts'

/** Letters kept; storing one more lets the oldest go. */
export const MAX_DEAD_LETTERS = 10_000
const MAX_BODY_BYTES = 64 * 1024
const MAX_MESSAGE_ID = 200
const MAX_DEATHS = 10

/** A message as it came from the dead-letter queue, and the run it names, when there is one. */
export type DeadLetter = {
  reason: DeadLetterReason
  messageId: string | undefined
  body: Buffer
  deaths: readonly Death[]
  run?: Pick<RunRow, 'id' | 'sessionId' | 'tenantId' | 'userId'> | undefined
}

type Row = Selectable<DeadLettersTable>
type SummaryRow = Omit<Row, 'fingerprint' | 'tenantId' | 'userId' | 'body' | 'deaths'>

/**
 * Keeps a letter (its body cut at 64 KiB, its ten latest deaths) and returns its id. A letter that comes again (same message, same
 * deaths) is the one stored before: `created` is false. Takes no scope: for workers, which find the owner in the run.
 */
export async function storeDeadLetter(
  store: Store,
  letter: DeadLetter,
  { keep = MAX_DEAD_LETTERS }: { keep?: number } = {},
): Promise<{ id: string; created: boolean }> {
  const { run } = letter
  const id = newId()
  const fingerprint = fingerprintOf(letter)
  const row = await store.db
    .insertInto('deadLetters')
    .values({
      id,
      fingerprint,
      tenantId: run?.tenantId ?? null,
      userId: run?.userId ?? null,
      sessionId: run?.sessionId ?? null,
      runId: run?.id ?? null,
      messageId: letter.messageId === undefined ? null : storableText(letter.messageId).slice(0, MAX_MESSAGE_ID),
      reason: letter.reason,
      body: letter.body.subarray(0, MAX_BODY_BYTES),
      bodyBytes: letter.body.length,
      deaths: json(letter.deaths.slice(0, MAX_DEATHS)),
    })
    .onConflict((conflict) => conflict.column('fingerprint').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) {
    await dropOldest(store, keep)
    return { id, created: true }
  }
  const earlier = await store.db
    .selectFrom('deadLetters')
    .select('id')
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
  return { id: earlier?.id ?? id, created: false }
}

/** A page of all letters, newest first. For operators: it takes no scope. Throws `invalid_request` for a malformed cursor. */
export async function listDeadLetters(store: Store, page: PageRequest): Promise<Page<DeadLetterSummary>> {
  const newest = newestFirst(page, { time: 'receivedAt', id: 'id' })
  const rows = await store.db
    .selectFrom('deadLetters')
    .select(['id', 'reason', 'messageId', 'runId', 'sessionId', 'bodyBytes', 'receivedAt', 'replayedAt', 'replayRunId'])
    .select(newest.micros)
    .where(newest.after)
    .orderBy(newest.order)
    .limit(newest.limit)
    .execute()
  return newest.toPage(rows, toSummary)
}

/** One letter with its body, which is text as far as it is UTF-8. For operators: it takes no scope. Throws `not_found`. */
export async function getDeadLetter(store: Store, letterId: string): Promise<DeadLetterView> {
  const row = await store.db.selectFrom('deadLetters').selectAll().where('id', '=', letterId).executeTakeFirst()
  if (!row) throw letterNotFound()
  return { ...toSummary(row), body: row.body.toString('utf8'), deaths: row.deaths }
}

/**
 * Notes the run that a letter was replayed as, once: whoever comes later gets the run noted first. Resolves with that run's id, null
 * when it has been deleted since. Throws `not_found`.
 */
export async function markReplayed(
  store: Store,
  replay: { letterId: string; runId: string },
): Promise<{ runId: string | null; won: boolean }> {
  const row = await store.db
    .updateTable('deadLetters')
    .set({ replayedAt: clock, replayRunId: replay.runId })
    .where('id', '=', replay.letterId)
    .where('replayedAt', 'is', null)
    .returning('replayRunId')
    .executeTakeFirst()
  if (row) return { runId: replay.runId, won: true }
  return { runId: (await getDeadLetter(store, replay.letterId)).replayRunId, won: false }
}

/** What is the same when a letter is delivered again, and different for another death of the same message. */
function fingerprintOf({ messageId, reason, deaths, body }: DeadLetter): string {
  return createHash('sha256')
    .update(JSON.stringify([messageId ?? null, reason, deaths]))
    .update(body)
    .digest('base64url')
}

/** No lock: two at once may both look before either has deleted, and then delete the same rows. */
async function dropOldest(store: Store, keep: number): Promise<void> {
  await sql`
    delete from dead_letters where (received_at, id) <= (
      select received_at, id from dead_letters order by received_at desc, id desc offset ${keep}::int limit 1)`.execute(
    store.db,
  )
}

function toSummary({ id, reason, messageId, runId, sessionId, bodyBytes, ...row }: SummaryRow): DeadLetterSummary {
  return {
    id,
    reason,
    messageId,
    runId,
    sessionId,
    bodyBytes,
    receivedAt: row.receivedAt.toISOString(),
    replayedAt: row.replayedAt?.toISOString() ?? null,
    replayRunId: row.replayRunId,
  }
}

function letterNotFound(): AppError {
  return new AppError('not_found', 'There is no such dead letter.')
}
