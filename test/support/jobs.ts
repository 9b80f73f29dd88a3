import type { JobView } from '@askwire/contracts'
import type { Store } from '@askwire/store'
import { waitFor } from '@askwire/testing'
import { call } from './client.ts'
import { PASSWORD, type Person } from './sign-up.ts'

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

/** Has all of a person's sessions written into an archive, and fetches it. */
export async function archiveOf(
  url: string,
  { auth }: Person,
): Promise<{ job: JobView; bytes: Buffer; response: Response }> {
  const asked = await call<JobView>(`${url}/api/export`, { method: 'POST', headers: auth })
  const job = await jobEnd(url, asked.body.id, auth)
  if (job.downloadUrl !== `/api/export/${job.id}/download`) throw new Error(`no archive: ${JSON.stringify(job)}`)
  const response = await fetch(`${url}${job.downloadUrl}`, { headers: auth })
  return { job, bytes: Buffer.from(await response.arrayBuffer()), response }
}

/** Asks for the erasure of a person's own account; the status of the answer. */
export async function eraseAccount(url: string, { auth }: Person): Promise<number> {
  return (await call(`${url}/api/auth/me/erase`, { json: { password: PASSWORD }, headers: auth })).status
}

/** Waits until a person is gone. */
export async function untilErased({ store }: { store: Store }, userId: string): Promise<void> {
  const gone = async (): Promise<boolean> =>
    (await store.pool.query('select from users where id = $1', [userId])).rowCount === 0
  await waitFor(gone, { what: 'the erasure of an account', timeoutMs: 60_000 })
}
