import { sql } from 'kysely'
import { storableText } from '../sql.ts'
import type { Store } from '../store.ts'

/**
 * Keeps what stands for all messages of a branch up to and including `messageId`, by which run and model it was made. The first one there
 * stays. Takes ids, not a scope: for workers.
 */
export async function storeSummary(
  store: Store,
  summary: { sessionId: string; messageId: string; runId: string; content: string; model: string; messages: number },
): Promise<void> {
  const { sessionId, messageId, runId, model, messages } = summary
  await sql`
    insert into message_summaries (message_id, tenant_id, user_id, session_id, run_id, content, model, messages)
    select id, tenant_id, user_id, session_id, ${runId}::uuid, ${storableText(summary.content)}, ${model}, ${messages}::int
    from messages where session_id = ${sessionId} and id = ${messageId}
    on conflict (message_id) do nothing`.execute(store.db)
}
