import { z } from 'zod'
import { timings } from '../answer-events.ts'
import { runErrorView } from '../errors.ts'
import { uuid } from '../ids.ts'
import { RUN_STATES } from '../run-states.ts'
import { usage } from '../usage.ts'
import { line } from './text.ts'

export const MAX_MESSAGE_LENGTH = 100_000
export const MAX_DEADLINE_MS = 24 * 60 * 60 * 1000

/** Body of `POST /api/chat`. Unknown fields are refused. */
export const askRequest = z.strictObject({
  message: z
    .string()
    .min(1)
    .max(MAX_MESSAGE_LENGTH)
    .refine((text) => text.trim().length > 0, 'must not be blank')
    .refine((text) => !text.includes('\u0000'), 'must not contain NUL')
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .meta({ description: 'The question.' }),
  sessionId: uuid.optional().meta({ description: 'The session to continue; absent: a new one.' }),
  parentId: uuid
    .optional()
    .meta({ description: 'The message to answer under; default: the newest of the active branch.' }),
  mode: z.enum(['async', 'stream', 'blocking']).default('async'),
  onBusy: z.enum(['enqueue', 'reject', 'interrupt']).default('enqueue'),
  model: line(200).optional(),
  collectionIds: z.array(uuid).min(1).max(100).optional(),
  deadlineMs: z.int().min(1000).max(MAX_DEADLINE_MS).optional(),
})
export type AskRequest = z.infer<typeof askRequest>

/** What a question's acceptance tells: the body of the 202, and the `accepted` event of `mode: stream`. */
export const accepted = z.object({
  sessionId: z.string(),
  runId: z.string(),
  questionId: z.string(),
  status: z.enum(RUN_STATES),
  position: z
    .int()
    .nonnegative()
    .meta({ description: 'Runs that will be started before this one; 0: it is next or running.' }),
  eventsUrl: z.string(),
})
export type Accepted = z.infer<typeof accepted>

/** Body of `GET /api/runs/:runId`. */
export const runView = z.object({
  runId: z.string(),
  sessionId: z.string(),
  status: z.enum(RUN_STATES),
  attempt: z.int().nonnegative(),
  position: z.int().nonnegative(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  answerId: z.string().nullable(),
  usage: usage.nullable(),
  timings,
  error: runErrorView.nullable(),
})
export type RunView = z.infer<typeof runView>

/** Body of `POST /api/runs/:runId/cancel`. */
export const cancelled = z.object({
  runId: z.string(),
  status: z.enum(RUN_STATES),
  answerId: z.string().nullable(),
})
export type Cancelled = z.infer<typeof cancelled>
