import { z } from 'zod'
import { timings } from '../answer-events.ts'
import { runErrorView } from '../errors.ts'
import { uuid } from '../ids.ts'
import { RUN_STATES } from '../run-states.ts'
import { usage } from '../usage.ts'
import { line } from './text.ts'

export const MAX_MESSAGE_LENGTH = 100_000
export const MAX_DEADLINE_MS = 24 * 60 * 60 * 1000

export const MAX_ATTACHMENTS = 20

/** The text of a question. */
export const questionText = z
  .string()
  .min(1)
  .max(MAX_MESSAGE_LENGTH)
  .refine((text) => text.trim().length > 0, 'must not be blank')
  .refine((text) => !text.includes('\u0000'), 'must not contain NUL')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .meta({ description: 'The question.' })

/** Documents of the caller that a question is about; only they are searched for its answer. */
const attachments = z
  .array(uuid)
  .max(MAX_ATTACHMENTS)
  .meta({ description: 'Documents of the caller; only they are searched for the answer.' })

/** What every request that makes a run may say of how it is run. */
const howToRun = {
  onBusy: z.enum(['enqueue', 'reject', 'interrupt']).default('enqueue'),
  model: line(200).optional(),
  deadlineMs: z.int().min(1).max(MAX_DEADLINE_MS).optional(),
}

/** Body of `POST /api/chat`. Unknown fields are refused. */
export const askRequest = z.strictObject({
  message: questionText,
  sessionId: uuid.optional().meta({ description: 'The session to continue; absent: a new one.' }),
  parentId: uuid
    .optional()
    .meta({ description: 'The message to answer under; default: the newest of the active branch.' }),
  mode: z.enum(['async', 'stream', 'blocking']).default('async'),
  ...howToRun,
  collectionIds: z.array(uuid).min(1).max(100).optional(),
  attachments: attachments.optional(),
})
export type AskRequest = z.infer<typeof askRequest>

/** Body of `PATCH /api/sessions/:sessionId/messages/:messageId`: the question asked differently, as a new branch and a run. */
export const editMessageRequest = z.strictObject({
  content: questionText,
  ...howToRun,
  attachments: attachments.optional().meta({ description: 'Default: those of the question that is edited.' }),
})
export type EditMessageRequest = z.infer<typeof editMessageRequest>

/** Body of `POST …/regenerate` and `…/continue`. */
export const regenerateRequest = z.strictObject(howToRun).default({ onBusy: 'enqueue' })
export type RegenerateRequest = z.infer<typeof regenerateRequest>

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
