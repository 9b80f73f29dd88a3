import { createStreamCrowd } from '../../packages/testing/src/load/stream-crowd.ts'
import { askMany } from './ask-many.ts'
import type { FollowersJob, FollowersResult, Job, JobResult } from './jobs.ts'

const crowd = createStreamCrowd()

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
      crowd.close()
      return {}
    default:
      return job satisfies never
  }
}

async function openFollowers({ paths, auth, ...where }: FollowersJob): Promise<FollowersResult> {
  const { open, refused } = await crowd.open(paths, { ...where, authorization: auth?.[0] })
  return { open, refused: refused.length }
}
