import { z } from 'zod'
import { uuid } from '../ids.ts'
import { RUN_KINDS } from '../run-states.ts'
import { questionText } from './ask.ts'

/** A question that waits in its session. */
export const queuedQuestion = z.object({
  runId: z.string(),
  questionId: z.string(),
  message: z.string(),
  kind: z.enum(RUN_KINDS).meta({ description: '`regenerate`: another answer to a question that was asked before.' }),
  status: z
    .enum(['waiting', 'queued'])
    .meta({ description: '`queued`: it has its turn and can no longer be changed.' }),
  createdAt: z.string(),
})
export type QueuedQuestion = z.infer<typeof queuedQuestion>
/** Body of `PATCH /api/sessions/:sessionId/queue`: the waiting runs in their new order, each exactly once. */
export const reorderQueueRequest = z.strictObject({ runIds: z.array(uuid).min(1).max(1000) })
/** Body of `PATCH /api/sessions/:sessionId/queue/:runId`. */
export const editQueuedRequest = z.strictObject({ message: questionText })
export const queueView = z.object({ items: z.array(queuedQuestion) })
