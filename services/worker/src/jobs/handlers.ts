import type { JobRow } from '@askwire/store'
import { eraseJob } from './erase/erase-job.ts'
import { exportJob } from './export/export-job.ts'
import { importJob } from './import/import-job.ts'
import type { JobHandler } from './job-context.ts'
import { titleJob } from './title/title-job.ts'

/** Who does which kind of job. */
export const HANDLERS: Readonly<Record<JobRow['kind'], JobHandler>> = {
  import: importJob,
  export: exportJob,
  erase: eraseJob,
  title: titleJob,
}
