import { publishJob, type RunDeps } from '@askwire/runs'
import { gatherCalls } from '@askwire/runtime'
import { createTitleJobs, type RunRow } from '@askwire/store'

/** Titles are in no hurry: those asked for within this long share one statement. */
const GATHER_MS = 500
const MAX_SESSIONS = 200

/** Asks for a title of a session whose first question has been answered. Returns at once; what fails costs a title. */
export type NoteTitle = (finished: RunRow) => void

/** Gathered and beside the answer's path. `offered` false: sessions get no titles of their own. */
export function createTitleNotes(deps: RunDeps, offered: boolean): NoteTitle {
  const note = gatherCalls(
    async (sessionIds: readonly string[]) => {
      for (const job of await createTitleJobs(deps.store, [...new Set(sessionIds)])) await publishJob(deps, job)
    },
    { maxItems: MAX_SESSIONS, delayMs: GATHER_MS },
  )
  return ({ sessionId, ordinal, status }) => {
    if (!offered || ordinal !== 1 || status !== 'succeeded') return
    note(sessionId).catch((error: unknown) => deps.logger.warn({ err: error, sessionId }, 'no title was asked for'))
  }
}
