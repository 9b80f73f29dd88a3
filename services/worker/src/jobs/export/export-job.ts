import type { ExportReport } from '@askwire/contracts'
import { type ArchiveWriter, archiveState, createArchiveWriter } from '@askwire/portability'
import {
  countExportable,
  createPieceWriter,
  dropOutput,
  listExportable,
  listExportableDocuments,
  listFolders,
  noteProgress,
  PIECE_BYTES,
  readPiece,
  writeOutput,
} from '@askwire/store'
import { z } from 'zod'
import type { JobContext, JobHandler } from '../job-context.ts'
import { carrySession } from './carry-session.ts'

/** How long an archive can be fetched. */
export const ARCHIVE_LIFE_MS = 24 * 60 * 60 * 1000
const SESSIONS_AT_ONCE = 200
/** How often the row says how far it is. */
const NOTE_SESSIONS = 25
/** How much an attempt that dies may cost: so many sessions or bytes, of large archives an eighth, for what is kept names every entry. */
const KEEP_SESSIONS = 100
const KEEP_BYTES = 16 * 1024 * 1024
const KEEP_SHARE = 1 / 8

const state = z.object({ after: z.string(), done: z.int(), bytes: z.int(), archive: archiveState })
type State = z.infer<typeof state>

/**
 * Writes all sessions of a person into an archive. An attempt that dies is gone on with where it was kept last: behind the bytes of whole entries, with
 * what the directory at the archive's end needs to know of them.
 */
export const exportJob: JobHandler = async (context) => {
  const { deps, job, turn, scope } = context
  const from = job.state === null ? undefined : state.parse(job.state)
  const total = await countExportable(deps.store, scope)
  await noteProgress(deps.store.db, turn, { total })
  const output = await openOutput(context, from)
  const archive = createArchiveWriter(output.write, { createdAt: job.createdAt, from: from?.archive })
  const done = await carrySessions(context, { archive, output, from, total })
  const folders = await listFolders(deps.store, scope)
  const manifest = await archive.end({
    folders: folders.map(({ name, createdAt }) => ({ name, createdAt })),
    documents: await listExportableDocuments(deps.store, scope),
  })
  await output.end()
  await noteProgress(deps.store.db, turn, { done })
  const { sessions, messages, documents, problems, problemCount } = manifest
  const counts = { sessions, messages, folders: manifest.folders, documents, bytes: output.bytes() }
  const report: ExportReport = { ...counts, problems, problemCount }
  return { report, lifeMs: ARCHIVE_LIFE_MS }
}

type Output = {
  write(chunk: Buffer): Promise<void>
  flush(): Promise<void>
  end(): Promise<unknown>
  bytes(): number
}

/** The file of the job, from where it was kept on. What an attempt has written behind that is dropped: it need not come to the same length again. */
async function openOutput({ deps, job, turn, signal }: JobContext, from: State | undefined): Promise<Output> {
  let bytes = from?.bytes ?? 0
  const seq = Math.floor(bytes / PIECE_BYTES)
  const begun = bytes - seq * PIECE_BYTES
  const piece = begun === 0 ? undefined : await readPiece({ db: deps.store.db, jobId: job.id, role: 'output' }, seq)
  if (begun > (piece?.length ?? 0)) throw new Error('a piece of an archive is missing')
  await dropOutput(deps.store, job.id, { fromSeq: seq })
  const pieces = createPieceWriter((one) => writeOutput(deps.store, turn, one), {
    seq,
    begun: piece?.subarray(0, begun) ?? Buffer.alloc(0),
  })
  return {
    write: async (chunk) => {
      signal.throwIfAborted()
      bytes += chunk.length
      await pieces.push(chunk)
    },
    flush: pieces.flush,
    end: pieces.end,
    bytes: () => bytes,
  }
}

type Carrying = { archive: ArchiveWriter; output: Output; from: State | undefined; total: number }

/** Sessions one after the other, in the order of their ids, so that the id of the last one says what is done. */
async function carrySessions(context: JobContext, { archive, output, from, total }: Carrying): Promise<number> {
  const { deps, turn, scope, signal } = context
  let kept = { done: from?.done ?? 0, bytes: from?.bytes ?? 0 }
  let done = kept.done
  for (let after = from?.after ?? null; ; ) {
    const page = await listExportable(deps.store, scope, { after, limit: SESSIONS_AT_ONCE })
    for (const session of page) {
      signal.throwIfAborted()
      await carrySession(context, archive, session)
      after = session.id
      done += 1
      context.tell({ done, total })
      const bytes = output.bytes()
      const isDue = done - kept.done >= KEEP_SESSIONS || bytes - kept.bytes >= KEEP_BYTES
      if (!isDue || done - kept.done < kept.done * KEEP_SHARE) {
        if (done % NOTE_SESSIONS === 0) await noteProgress(deps.store.db, turn, { done })
        continue
      }
      await output.flush()
      const now: State = { after, done, bytes, archive: archive.state() }
      await noteProgress(deps.store.db, turn, { done, state: now })
      kept = { done, bytes }
    }
    if (page.length === 0) return done
  }
}
