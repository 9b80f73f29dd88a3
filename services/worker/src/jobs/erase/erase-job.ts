import { AppError, uuid } from '@askwire/contracts'
import { eraseSession } from '@askwire/runs'
import {
  BUILT_IN_OWNER,
  type Erased,
  ensureBuiltInOwner,
  eraseDocuments,
  eraseJobFiles,
  erasePerson,
  listSessionIds,
  noteProgress,
} from '@askwire/store'
import { z } from 'zod'
import type { JobContext, JobHandler } from '../job-context.ts'

const SESSIONS_AT_ONCE = 50

const input = z.union([z.object({ sessionId: uuid }), z.object({ account: z.literal(true) })])

/**
 * Erases a session, or everything of a person and then the person. Each step may be done again, so an attempt that dies is simply gone on with. The
 * row of the person goes last, and the job with it: until then it is known what is left to do.
 */
export const eraseJob: JobHandler = async (context) => {
  const given = input.safeParse(context.job.input)
  if (!given.success) throw new AppError('invalid_request', 'Nothing is named that could be erased.')
  if ('sessionId' in given.data) {
    return { report: await eraseSession(context.deps, context.scope, given.data.sessionId, { receipt: true }) }
  }
  return { report: await eraseAccount(context) }
}

async function eraseAccount({ deps, turn, scope, signal }: JobContext): Promise<Erased> {
  const counts: Erased = {}
  for (let ids = await listSessionIds(deps.store, scope, SESSIONS_AT_ONCE); ids.length > 0; ) {
    for (const id of ids) {
      signal.throwIfAborted()
      addTo(counts, await eraseSession(deps, scope, id, { receipt: false }))
      await noteProgress(deps.store.db, turn, { done: counts.sessions ?? 0 })
    }
    ids = await listSessionIds(deps.store, scope, SESSIONS_AT_ONCE)
  }
  addTo(counts, await eraseDocuments(deps.store, scope))
  addTo(counts, await eraseJobFiles(deps.store, scope))
  await deps.notices.log.delete(scope.userId)
  await erasePerson(deps.store, scope, counts)
  // The place of the first account is there again, for whoever comes next.
  if (scope.userId === BUILT_IN_OWNER.userId) await ensureBuiltInOwner(deps.store)
  return counts
}

function addTo(total: Erased, more: Erased): void {
  for (const [name, count] of Object.entries(more)) total[name] = (total[name] ?? 0) + count
}
