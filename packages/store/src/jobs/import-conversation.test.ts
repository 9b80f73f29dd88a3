import { newId } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ensureBuiltInOwner } from '../built-in-owner.ts'
import { migrate } from '../migrate.ts'
import { IN_MEMORY } from '../open-embedded.ts'
import { openStore } from '../open-store.ts'
import { insertCopy } from '../sessions/copy-messages.ts'
import type { Store } from '../store.ts'
import { claimJob } from './claim-job.ts'
import { createJob } from './create-job.ts'
import { importConversation } from './import-conversation.ts'

const MESSAGES = 2000

/** Rows of `messages` that were read, by whatever way. Of the one connection, so nothing is still to be counted. */
async function rowsRead(store: Store): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(store.db)
  const { rows } = await sql<{ rows: number }>`
    select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_user_tables where relname = 'messages'`.execute(
    store.db,
  )
  return rows[0]?.rows ?? Number.NaN
}

test('S27: a long conversation is written without reading all of it for each message', async () => {
  const store = await openStore({ dataDir: IN_MEMORY })
  try {
    await migrate(store)
    const actor = { ...(await ensureBuiltInOwner(store)), requestId: 'r', address: '192.0.2.7', agent: 'a test' }
    const { id } = await createJob(store.db, actor, { kind: 'import' })
    const claim = await claimJob(store, { jobId: id, workerId: 'w', leaseMs: 60_000 })
    if (claim.kind !== 'claimed') throw new Error(`the job is ${claim.kind}`)
    const turn = { id, attempt: claim.job.attempt }
    const chain = Array.from({ length: MESSAGES }, (_, at) => ({
      ...{
        id: String(at),
        parentId: at === 0 ? null : String(at - 1),
        content: `Message ${at}`,
        createdAt: new Date(at),
      },
      ...{ role: 'user' as const, partial: false, model: null, resources: [] },
    }))
    const messages = chain.map((one) => ({
      ...one,
      usage: null,
      finishReason: null,
      feedback: null,
      summary: null,
      attachments: [],
      steps: null,
      run: null,
    }))
    const conversation = {
      ...{ key: newId(), originalId: null, title: null, titleSource: null, folder: null, draft: '', tags: [] },
      ...{
        createdAt: new Date(0),
        updatedAt: new Date(0),
        pinned: false,
        archived: false,
        activeLeafId: null,
        messages,
      },
    }
    expect((await importConversation(store, actor, turn, conversation, () => ({ done: 1 }))).outcome).toBe('imported')
    const copied = chain.map((message) => ({ ...message, attachments: [], imported: true }))
    await insertCopy(store, actor, { title: null, titleSource: null, forkedFrom: null, messages: copied, leafId: '0' })
    // By the plans that were kept they are more than three million, half of the square for each of the two.
    expect(await rowsRead(store)).toBeLessThan((MESSAGES * MESSAGES) / 5)
  } finally {
    await store.close()
  }
}, 120_000)
