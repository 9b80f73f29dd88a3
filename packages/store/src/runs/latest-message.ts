import { sql } from 'kysely'
import type { Queryable } from '../store.ts'

/**
 * Where a question goes that names no parent: below the answer (or, when there is none, the question) of the session's latest
 * run that has had its turn; without any run, below the newest message. Null in an empty session.
 */
export async function latestMessageId(trx: Queryable, sessionId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select coalesce(
      (select coalesce(answer_id, question_id) from runs
        where session_id = ${sessionId} and ordinal is not null order by ordinal desc limit 1),
      (select id from messages where session_id = ${sessionId} order by created_at desc, id desc limit 1)
    ) as id`.execute(trx)
  return rows[0]?.id ?? null
}
