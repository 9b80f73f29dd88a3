import { z } from 'zod'

/** One notice: something of mine has changed, so that another device can follow. The id orders them. */
export const NOTICES = [
  'session.created',
  'session.updated',
  'session.deleted',
  'answer.finished',
  'job.progress',
  'draft.updated',
] as const
export const notice = z.object({
  event: z.enum(NOTICES),
  sessionId: z.string().nullable(),
  jobId: z.string().nullable(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type Notice = z.infer<typeof notice>

/**
 * What `GET /api/notices` says beside the notices: `ready`, the place a stream without an id begins at; `reset`, that what came before this place may
 * have been missed, so that the client loads its lists again.
 */
export const NOTICE_PLACES = ['ready', 'reset'] as const
export const noticePlace = z.object({ event: z.enum(NOTICE_PLACES), at: z.string() })
