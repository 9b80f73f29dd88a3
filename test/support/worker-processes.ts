import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobView } from '@askwire/contracts'
import { call } from './client.ts'
import { jobEnd } from './jobs.ts'
import type { Stack } from './stack.ts'

export type WorkerProcesses = {
  start(): Promise<ChildProcess>
  close(): void
}

/** Workers as processes of their own, which can be killed as a machine is. */
export function workerProcesses(stack: Stack): WorkerProcesses {
  const processes: ChildProcess[] = []
  return {
    start: async () => {
      const child = spawn('node_modules/node/bin/node', ['services/worker/src/main.ts'], {
        env: {
          ...process.env,
          ...stack.env,
          ASKWIRE_PORT: '0',
          ASKWIRE_LOG_LEVEL: 'error',
          ASKWIRE_LEASE_MS: '1500',
          ASKWIRE_AUTO_TITLES: 'false',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      processes.push(child)
      await once(child, 'spawn')
      return child
    },
    close: () => {
      for (const child of processes) child.kill('SIGKILL')
    },
  }
}

/** How a job came to its end: the job, how far it was at each kill, and the most memory the last worker had, in MiB (0: not known here). */
export type Ended = { job: JobView; kills: number[]; peakMiB: number }

/** Has a job done by one worker after the other, each killed once the job is `further()` on, and the last one left alone. */
export async function endWithKills(
  workers: WorkerProcesses,
  { url, auth, jobId, kills, further, patienceMs }: Killing,
): Promise<Ended> {
  const done = async (): Promise<number> =>
    (await call<JobView>(`${url}/api/jobs/${jobId}`, { headers: auth })).body.done
  const at: number[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    const worker = await workers.start()
    const goal = (at.at(-1) ?? 0) + further()
    const deadline = performance.now() + patienceMs
    while ((await done()) < goal) {
      if (performance.now() > deadline) throw new Error(`the job did not reach ${goal}`)
      await sleep(20)
    }
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    at.push(await done())
  }
  const worker = await workers.start()
  const job = await jobEnd(url, jobId, auth, patienceMs)
  const peakMiB = await peakOf(worker)
  worker.kill('SIGTERM')
  await once(worker, 'exit')
  return { job, kills: at, peakMiB }
}

type Killing = {
  url: string
  auth: Record<string, string>
  jobId: string
  kills: number
  further(): number
  patienceMs: number
}

async function peakOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}
