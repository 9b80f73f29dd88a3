import { type AskwireSession, toAskwireSession, writeArchive } from '@askwire/portability'
import {
  countExportable,
  createPieceWriter,
  dropOutput,
  listExportable,
  noteProgress,
  readSessionExport,
  writeOutput,
} from '@askwire/store'
import type { JobContext, JobHandler } from '../job-context.ts'

/** How long an archive can be fetched. */
export const ARCHIVE_LIFE_MS = 24 * 60 * 60 * 1000
const SESSIONS_AT_ONCE = 200

/** Writes all sessions of a person into an archive. An attempt that dies is begun anew: half a zip is none. */
export const exportJob: JobHandler = async (context) => {
  const { deps, job, turn, scope, signal } = context
  await dropOutput(deps.store, job.id)
  const total = await countExportable(deps.store, scope)
  await noteProgress(deps.store.db, turn, { total })
  const pieces = createPieceWriter((piece) => writeOutput(deps.store, turn, piece))
  let counts = { sessions: 0, messages: 0 }
  let bytes = 0
  const archive = writeArchive(sessionsOf(context), {
    createdAt: new Date(deps.clock.now()),
    onSession: async (now) => {
      counts = now
      if (now.sessions % 50 === 0) await noteProgress(deps.store.db, turn, { done: now.sessions })
      context.tell({ done: now.sessions, total })
    },
  })
  for await (const chunk of archive) {
    signal.throwIfAborted()
    bytes += chunk.length
    await pieces.push(chunk)
  }
  await pieces.end()
  await noteProgress(deps.store.db, turn, { done: counts.sessions })
  return { report: { ...counts, bytes }, lifeMs: ARCHIVE_LIFE_MS }
}

async function* sessionsOf({ deps, scope, signal }: JobContext): AsyncGenerator<AskwireSession> {
  for (let after: string | null = null; ; ) {
    const ids: string[] = await listExportable(deps.store, scope, { after, limit: SESSIONS_AT_ONCE })
    for (const id of ids) {
      signal.throwIfAborted()
      yield toAskwireSession(await readSessionExport(deps.store, scope, id))
    }
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
  }
}
