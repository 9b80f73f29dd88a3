import type { JobView } from '@askwire/contracts'
import { waitFor } from '@askwire/testing'
import { call } from './client.ts'

type Auth = Record<string, string>

/** Sends a file to be imported. */
export async function importFile(url: string, file: string | Buffer, auth: Auth, type = 'application/json') {
  const headers = { ...auth, 'content-type': type }
  return await call<JobView>(`${url}/api/import`, { method: 'POST', body: file as string, headers })
}

/** Waits until a job has ended. */
export async function jobEnd(url: string, jobId: string, auth: Auth, timeoutMs = 60_000): Promise<JobView> {
  let job: JobView | undefined
  const ended = async (): Promise<boolean> => {
    const { body } = await call<JobView>(`${url}/api/jobs/${jobId}`, { headers: auth })
    job = body
    return body.finishedAt !== null
  }
  await waitFor(ended, { what: 'the end of a job', timeoutMs })
  if (!job) throw new Error('no job was seen')
  return job
}
