import { type Actor, newId } from '@askwire/contracts'
import { sql } from 'kysely'
import { storableText } from '../sql.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { type JobProgress, noteProgress } from './change-job.ts'
import type { JobTurn } from './claim-job.ts'

/** Makes the folders there are none of by these names yet, and notes in the same transaction how many. Throws `stale_attempt`. */
export async function importFolders(
  store: Store,
  actor: Actor,
  turn: JobTurn,
  folders: readonly { name: string; createdAt: Date | null }[],
  progressAfter: (made: number) => JobProgress,
): Promise<number> {
  const { tenantId, userId } = actor
  const names = folders.map(({ name }) => storableText(name))
  const times = folders.map(({ createdAt }) => createdAt?.toISOString() ?? null)
  return await withScope(store, actor, async (db) => {
    const { rows } = await sql`
      insert into folders (id, tenant_id, user_id, name, created_at)
      select id, ${tenantId}::uuid, ${userId}::uuid, name, coalesce(made_at::timestamptz, clock_timestamp())
      from unnest(${folders.map(() => newId())}::uuid[], ${names}::text[], ${times}::text[]) as f (id, name, made_at)
      on conflict (tenant_id, user_id, lower(name)) do nothing
      returning id`.execute(db)
    await noteProgress(db, turn, progressAfter(rows.length))
    return rows.length
  })
}
