import { createHash } from 'node:crypto'
import { newId, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { json } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'

/** How much of each thing was removed. */
export type Erased = Record<string, number>

/** Rows of one statement: what is large is removed in many that are short, so that none comes near its time-out. */
const AT_ONCE = 200
const CHECKPOINT_TABLES = ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']

/** Ids of some of a person's sessions. For workers. */
export async function listSessionIds(store: Store, { tenantId, userId }: Scope, limit: number): Promise<string[]> {
  const rows = await store.db
    .selectFrom('sessions')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Who is told of a session: its owner and its members. For workers. */
export async function listReadersOf(store: Store, { userId }: Scope, sessionId: string): Promise<string[]> {
  const members = await store.db
    .selectFrom('sessionMembers')
    .select('memberId')
    .where('sessionId', '=', sessionId)
    .where('userId', '=', userId)
    .execute()
  return [userId, ...members.map(({ memberId }) => memberId)]
}

/**
 * Removes a session and all that hangs on it: messages in pieces, then its row with runs, tags, feedback, summaries, shares and members; what the
 * agent kept of its runs; dead letters; jobs for its title. With `receipt` the end of it leaves one. Safe to be done again. For workers.
 */
export async function eraseSessionRows(
  store: Store,
  scope: Scope,
  sessionId: string,
  { receipt }: { receipt: boolean },
): Promise<Erased> {
  const runs = await store.db.selectFrom('runs').select('id').where('sessionId', '=', sessionId).execute()
  const checkpoints = await eraseCheckpoints(
    store,
    runs.map(({ id }) => id),
  )
  await store.db.deleteFrom('deadLetters').where('sessionId', '=', sessionId).execute()
  // The newest first: the oldest would take all that hang on them along.
  const messages = await inPieces(async () => {
    const { rows } = await sql`
      delete from messages where id in (
        select id from messages where session_id = ${sessionId} order by created_at desc, id desc limit ${AT_ONCE})
      returning id`.execute(store.db)
    return rows.length
  })
  return await store.db.transaction().execute(async (trx) => {
    const gone = await trx
      .deleteFrom('sessions')
      .where('id', '=', sessionId)
      .where('tenantId', '=', scope.tenantId)
      .where('userId', '=', scope.userId)
      .returning('id')
      .execute()
    await trx
      .deleteFrom('jobs')
      .where('tenantId', '=', scope.tenantId)
      .where('userId', '=', scope.userId)
      .where('kind', '=', 'title')
      .where(sql<boolean>`input->>'sessionId' = ${sessionId}`)
      .execute()
    const counts = { sessions: gone.length, messages, runs: runs.length, checkpoints }
    if (receipt && gone.length > 0) await leaveReceipt(trx, scope.tenantId, 'session', sessionId, counts)
    return counts
  })
}

/** Removes a person's collections and documents with their chunks and vectors. For workers. */
export async function eraseDocuments(store: Store, { tenantId, userId }: Scope): Promise<Erased> {
  const documents = await inPieces(async () => {
    const { rows } = await sql`
      delete from documents where id in (
        select id from documents where tenant_id = ${tenantId} and user_id = ${userId} limit 5) returning id`.execute(
      store.db,
    )
    return rows.length
  })
  return { documents }
}

/** Removes the files of a person's jobs, piece by piece. For workers. */
export async function eraseJobFiles(store: Store, { tenantId, userId }: Scope): Promise<Erased> {
  const pieces = await inPieces(async () => {
    const { rows } = await sql`
      delete from job_files where (job_id, role, seq) in (
        select job_id, role, seq from job_files where tenant_id = ${tenantId} and user_id = ${userId} limit ${AT_ONCE})
      returning seq`.execute(store.db)
    return rows.length
  })
  return { pieces }
}

/**
 * Removes the person, whose sessions and documents are gone already, with everything that is theirs, this job too, and leaves the receipt in the
 * same step. What was recorded of them stays under an id that names nobody any more. For workers.
 */
export async function erasePerson(store: Store, { tenantId, userId }: Scope, counts: Erased): Promise<boolean> {
  return await store.db.transaction().execute(async (trx) => {
    const person = await trx
      .selectFrom('users')
      .select('email')
      .where('id', '=', userId)
      .where('tenantId', '=', tenantId)
      .forUpdate()
      .executeTakeFirst()
    if (!person) return false
    await trx.deleteFrom('deadLetters').where('tenantId', '=', tenantId).where('userId', '=', userId).execute()
    await trx
      .deleteFrom('invitations')
      .where((eb) =>
        eb.or([
          eb('acceptedBy', '=', userId),
          ...(person.email === null ? [] : [eb(eb.fn<string>('lower', ['email']), '=', person.email.toLowerCase())]),
        ]),
      )
      .execute()
    await trx.deleteFrom('users').where('id', '=', userId).where('tenantId', '=', tenantId).execute()
    await leaveReceipt(trx, tenantId, 'account', userId, counts)
    return true
  })
}

async function leaveReceipt(
  db: Queryable,
  tenantId: string,
  kind: 'account' | 'session',
  subject: string,
  counts: Erased,
): Promise<void> {
  const subjectHash = createHash('sha256').update(`${kind}:${subject}`).digest()
  await db
    .insertInto('erasureReceipts')
    .values({ id: newId(), tenantId, kind, subjectHash, counts: json(counts) })
    .execute()
}

/** The agent's tables are its library's, in a schema of their own; where there is no agent, they are not there. */
async function eraseCheckpoints(store: Store, runIds: readonly string[]): Promise<number> {
  if (runIds.length === 0) return 0
  const { rows } = await sql<{
    there: boolean
  }>`select to_regclass('langgraph.checkpoints') is not null as there`.execute(store.db)
  if (rows[0]?.there !== true) return 0
  let count = 0
  for (const table of CHECKPOINT_TABLES) {
    const gone = await sql`
      delete from ${sql.table(`langgraph.${table}`)} where thread_id = any(${[...runIds]}::text[])`.execute(store.db)
    count += Number(gone.numAffectedRows ?? 0)
  }
  return count
}

async function inPieces(remove: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const removed = await remove()
    if (removed === 0) return total
    total += removed
  }
}
