import { z } from 'zod'
import { proof } from './auth.ts'
import { pageQuery } from './page.ts'
import { reason } from './take-away.ts'

/** What came of a job, in the words of its kind. Never text of what was in it. */
export type JobReport = Record<string, unknown>
/** Why a job failed; an import's file also by a reason. */
export const jobError = z.object({ code: z.string(), message: z.string(), reason: reason.optional() })
export type JobError = z.infer<typeof jobError>

/** A background job of mine: an export, an import, an erasure. */
export const jobView = z.object({
  id: z.string(),
  kind: z.enum(['export', 'import', 'erase', 'title']),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  done: z.int().nonnegative(),
  total: z.int().nonnegative().nullable(),
  report: z.record(z.string(), z.unknown()).nullable().meta({
    description:
      'What came of it. An import: `imported`, `already`, `folders`, `skipped`, `skippedCount`. An export: `sessions`, `messages`, `folders`, `documents`, `bytes`, `problems`, `problemCount`. Each of `skipped` and `problems` has a `code` of a closed list with `params`, and `why`, the same as an English sentence. An erasure: counts.',
  }),
  error: jobError.nullable(),
  downloadUrl: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
})
export type JobView = z.infer<typeof jobView>

/** Query of `GET /api/jobs`. Titles, which come by themselves, are left out unless they are asked for. */
export const jobsQuery = pageQuery.extend({ kind: jobView.shape.kind.optional() })
/** Query of `GET /api/sessions/:sessionId/export`. `html` is one page without scripts, for the browser's print. */
export const sessionExportQuery = z.strictObject({ format: z.enum(['markdown', 'json', 'html']).default('markdown') })
/** Body of `POST /api/auth/me/erase`. */
export const eraseAccountRequest = proof
export type EraseAccountRequest = z.infer<typeof eraseAccountRequest>
