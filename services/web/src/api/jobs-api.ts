import type { JobView, Page } from '@askwire/contracts'
import type { Proof } from './account-api.ts'
import { ApiError, errorOfResponse } from './api-error.ts'
import { requestJson, withRenewal } from './http-client.ts'
import { queryOf } from './query-of.ts'

const post = (body?: unknown) => ({ method: 'POST', ...(body !== undefined && { body }) }) as const
const id = encodeURIComponent

export const EXPORT_FORMATS = ['markdown', 'html', 'json'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A session as a file may take its time: as long as a long one takes to be read and sent. */
const FILE_TIMEOUT_MS = 120_000

/** One session as a file. Throws `ApiError`. */
export function exportSession(sessionId: string, format: ExportFormat): Promise<Blob> {
  const path = `/api/sessions/${id(sessionId)}/export${queryOf({ format })}`
  return withRenewal(async () => {
    try {
      const response = await fetch(path, { signal: AbortSignal.timeout(FILE_TIMEOUT_MS) })
      if (!response.ok) throw await errorOfResponse(response)
      return await response.blob()
    } catch (error) {
      if (error instanceof ApiError) throw error
      throw new ApiError('network', 'The server cannot be reached.', { retryable: true, cause: error })
    }
  })
}

/** Begins to make an archive of all my sessions. */
export const startExport = (): Promise<JobView> => requestJson('/api/export', post())

export const listJobs = (cursor?: string): Promise<Page<JobView>> =>
  requestJson(`/api/jobs${queryOf({ limit: 20, cursor })}`)
export const getJob = (jobId: string): Promise<JobView> => requestJson(`/api/jobs/${id(jobId)}`)
/** Stops a job; what it has done stays. */
export const cancelJob = (jobId: string): Promise<JobView> =>
  requestJson(`/api/jobs/${id(jobId)}`, { method: 'DELETE' })

/** Erases one session for good, without a trash. */
export const eraseSession = (sessionId: string): Promise<JobView> =>
  requestJson(`/api/sessions/${id(sessionId)}/erase`, post())

/** Erases the account and all that is its own; every login ends at once. A 401 is about the proof, and ends nothing. */
export const eraseAccount = (proof: Proof): Promise<JobView> => requestJson('/api/auth/me/erase', post(proof))
