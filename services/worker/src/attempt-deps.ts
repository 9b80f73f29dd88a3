import type { NoteEnd } from '@askwire/runs'
import type { ActiveRuns } from './active-runs.ts'
import type { WorkerConfig } from './config.ts'
import type { WorkerDeps } from './deps.ts'
import type { WorkerEvents } from './events.ts'
import type { NoteTitle } from './jobs/title/title-notes.ts'

/** What answering a question works with. */
export type AttemptDeps = WorkerDeps & {
  config: WorkerConfig
  active: ActiveRuns
  events: WorkerEvents
  noteEnd: NoteEnd
  noteTitle: NoteTitle
  /** Aborted when this worker's grace is over: no wait may outlast it. */
  stopping: AbortSignal
}
