import { z } from 'zod'
import { resource } from '../resources.ts'
import { finishReason, usage } from '../usage.ts'

/** A stored question or answer. `parentId` makes the tree; `partial` marks an answer that was stopped or cut short. */
export const messageView = z.object({
  id: z.string(),
  sessionId: z.string(),
  parentId: z.string().nullable(),
  runId: z.string().nullable(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  partial: z.boolean(),
  model: z.string().nullable(),
  resources: z.array(resource),
  usage: usage.nullable(),
  finishReason: finishReason.nullable(),
  createdAt: z.string(),
})
export type MessageView = z.infer<typeof messageView>

/** A run that has not ended, as a `snapshot` shows it. */
export const activeRun = z.object({
  runId: z.string(),
  status: z.string(),
  attempt: z.int().nonnegative(),
  questionId: z.string(),
})
export type ActiveRun = z.infer<typeof activeRun>
