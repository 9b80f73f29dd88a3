import { askMany } from './ask-many.ts'
import { closeFollowers, openFollowers } from './followers.ts'
import type { Job, JobResult } from './jobs.ts'

// The load is made in a process of its own, so that neither the script nor the services pay for it.
process.on('message', ({ id, job }: { id: number; job: Job }) => {
  run(job).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})

async function run(job: Job): Promise<JobResult> {
  switch (job.kind) {
    case 'answers':
      return await askMany(job)
    case 'followers':
      return await openFollowers(job)
    case 'close-followers':
      return closeFollowers()
    default:
      return job satisfies never
  }
}
