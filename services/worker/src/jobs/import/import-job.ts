import { AppError, type ImportReport, importSkip } from '@askwire/contracts'
import { type Found, readArchive, Unreadable } from '@askwire/portability'
import { importConversation, importFolders, type JobProgress, noteProgress } from '@askwire/store'
import { z } from 'zod'
import type { JobContext, JobHandler } from '../job-context.ts'
import { jobFileSource } from './job-file-source.ts'

/** What was skipped is told one by one up to here, then only counted. */
const MAX_SKIPPED_TOLD = 500
/** Of this many that are skipped one is noted: whoever goes on from there skips the others again. Each note is a version of the job's row. */
const SKIPS_AT_ONCE = 100
/** No export has so much in it that is no conversation; a file of a few hundred kilobytes that is made to has, and would be noted for hours. */
const MAX_SKIPPED = 20_000
const MAX_OTHERS = 200_000

const input = z.looseObject({
  bytes: z.int().nonnegative(),
  facts: z.object({ requestId: z.string(), address: z.string(), agent: z.string() }),
})
const state = z.object({
  /** The first place that has not been dealt with. */
  place: z.object({ entry: z.int(), index: z.int() }),
  imported: z.int(),
  already: z.int(),
  skipped: z.int(),
  folders: z.int(),
  told: z.array(importSkip),
})
type State = z.infer<typeof state>

const NOTHING: State = { place: { entry: 0, index: 0 }, imported: 0, already: 0, skipped: 0, folders: 0, told: [] }

/**
 * Makes sessions of the conversations of a file. Each is one transaction with the place reached, so an attempt that dies is gone on with
 * where it was; its key makes a file that is imported again find what is there.
 */
export const importJob: JobHandler = async (context) => {
  const { deps, job } = context
  const given = input.safeParse(job.input)
  if (!given.success) throw new AppError('invalid_request', 'There is no file to import.')
  const { bytes, facts } = given.data
  let at = job.state === null ? NOTHING : state.parse(job.state)
  let others = 0
  const source = jobFileSource({ db: deps.store.db, jobId: job.id, role: 'input' }, bytes)
  try {
    for await (const found of readArchive(source, at.place)) {
      context.signal.throwIfAborted()
      if (found.kind === 'other') others += 1
      if (at.skipped >= MAX_SKIPPED || others > MAX_OTHERS) throw new Unreadable('too_much_else')
      at = await take(context, at, found, { ...context.scope, ...facts })
    }
    if (at.imported + at.already + at.skipped + at.folders === 0) throw new Unreadable('no_conversations')
  } catch (error) {
    if (error instanceof Unreadable) throw new AppError('invalid_request', error.message, { cause: error })
    throw error
  }
  const { imported, already, folders, skipped: skippedCount, told: skipped } = at
  if (imported > 0) deps.notices.tell(job.userId, { event: 'session.created', data: { imported } })
  const report: ImportReport = { imported, already, folders, skipped, skippedCount }
  return { report }
}

async function take(
  { deps, turn, tell }: JobContext,
  before: State,
  found: Found,
  actor: Parameters<typeof importConversation>[1],
): Promise<State> {
  if (found.kind === 'other') return before
  const progressOf = (next: State): JobProgress => ({
    done: next.imported + next.already + next.skipped,
    state: next,
  })
  if (found.kind === 'folders') {
    const folders = found.folders.map(({ name, createdAt }) => ({
      name,
      createdAt: createdAt ? new Date(createdAt) : null,
    }))
    const after = (made: number): State => ({ ...before, folders: before.folders + made })
    return after(await importFolders(deps.store, actor, turn, folders, (made) => progressOf(after(made))))
  }
  const place = { entry: found.place.entry, index: found.place.index + 1 }
  let after: State = { ...before, place }
  if (found.kind === 'skipped') {
    const one = { what: found.what, ...found.reason }
    const told = before.told.length < MAX_SKIPPED_TOLD ? [...before.told, one] : before.told
    after = { ...after, skipped: before.skipped + 1, told }
    if (after.skipped % SKIPS_AT_ONCE === 0) await noteProgress(deps.store.db, turn, progressOf(after))
  } else {
    const next = (outcome: 'imported' | 'already'): State => ({ ...before, place, [outcome]: before[outcome] + 1 })
    const { outcome } = await importConversation(deps.store, actor, turn, found.conversation, (one) =>
      progressOf(next(one)),
    )
    after = next(outcome)
  }
  tell({ done: after.imported + after.already + after.skipped })
  return after
}
