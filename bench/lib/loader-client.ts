import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AnswersJob, AnswersResult, FollowersJob, FollowersResult, Job, JobResult } from './jobs.ts'

/** The loader process, spoken to one job at a time. */
export type Loader = {
  readonly pid: number
  answers(job: Omit<AnswersJob, 'kind'>): Promise<AnswersResult>
  followers(job: Omit<FollowersJob, 'kind'>): Promise<FollowersResult>
  closeFollowers(): Promise<void>
  stop(): Promise<void>
}

type Reply = { id: number; result?: JobResult; error?: string }

export function startLoader(signal: AbortSignal): Loader {
  const child = fork(fileURLToPath(new URL('./loader.ts', import.meta.url)), {
    stdio: 'inherit',
    // Not those of this process: they let a child end that waits for messages alone.
    execArgv: [],
  })
  let lastId = 0

  const run = async <T extends JobResult>(job: Job): Promise<T> => {
    lastId += 1
    const id = lastId
    child.send({ id, job })
    for (;;) {
      const [reply] = (await once(child, 'message', { signal })) as [Reply]
      if (reply.id !== id) continue
      if (reply.error !== undefined) throw new Error(`the loader failed: ${reply.error}`)
      return reply.result as T
    }
  }

  return {
    pid: child.pid ?? 0,
    answers: (job) => run<AnswersResult>({ kind: 'answers', ...job }),
    followers: (job) => run<FollowersResult>({ kind: 'followers', ...job }),
    closeFollowers: async () => void (await run({ kind: 'close-followers' })),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      child.kill('SIGTERM')
      await ended
    },
  }
}
