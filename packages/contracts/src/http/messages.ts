import { z } from 'zod'
import { timings } from '../answer-events.ts'
import { runErrorView } from '../errors.ts'
import { uuid } from '../ids.ts'
import { resource } from '../resources.ts'
import { RUN_STATES } from '../run-states.ts'
import { finishReason, usage } from '../usage.ts'
import { feedbackView } from './feedback.ts'
import { pageQuery } from './page.ts'

/** A step of the answer's making, as its `node_finished` event told it; texts among `outputs` are cut at 1000 characters. */
export const answerStep = z.object({
  node: z.string(),
  title: z.string(),
  elapsedMs: z.number(),
  status: z.enum(['succeeded', 'failed']),
  outputs: z.record(z.string(), z.unknown()),
})
export type AnswerStep = z.infer<typeof answerStep>

/** The run behind a message: an answer's own, or the newest of a question. */
export const messageRun = z.object({
  runId: z.string().meta({ description: 'Of an imported message, whose run is not here: its own id.' }),
  status: z.enum(RUN_STATES),
  timings,
  error: runErrorView.nullable(),
  steps: z.array(answerStep).optional().meta({ description: 'Of an answer: how it was made.' }),
})
export type MessageRun = z.infer<typeof messageRun>

/** What stands for the older messages of a branch where they no longer fit the model: all up to and including the message it is shown at. */
export const messageSummary = z.object({
  content: z.string(),
  messages: z.int().positive().meta({ description: 'How many messages it stands for.' }),
  model: z.string().meta({ description: '`rule`: put together without a model.' }),
})
export type MessageSummary = z.infer<typeof messageSummary>

/**
 * A stored question or answer. `parentId` makes the tree; `partial` marks an answer that was stopped or cut short. What is optional
 * is there in lists, and only where it says something.
 */
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
  siblings: z
    .object({ ids: z.array(z.string()), index: z.int().nonnegative() })
    .optional()
    .meta({ description: 'The messages under the same parent, oldest first, and which of them this one is.' }),
  feedback: feedbackView.optional(),
  attachments: z
    .array(z.object({ documentId: z.string(), name: z.string().nullable() }))
    .optional()
    .meta({ description: 'Documents of a question; `name` is null when one has been deleted since.' }),
  run: messageRun.optional(),
  summary: messageSummary.optional(),
  imported: z.boolean().optional(),
  authorId: z.string().optional().meta({ description: 'Who asked, when it was not the owner of the session.' }),
})
export type MessageView = z.infer<typeof messageView>

/**
 * Query of `GET /api/sessions/:sessionId/messages`. `active` is the branch that is open; an id is the branch through that message, up to
 * the newest message below it.
 */
export const messagesQuery = pageQuery.extend({
  branch: z.union([z.enum(['all', 'active']), uuid]).default('all'),
})
export type MessagesQuery = z.infer<typeof messagesQuery>

/** Body of `DELETE /api/sessions/:sessionId/messages/:messageId`: how many messages are gone, the one named and all below it. */
export const deletedMessages = z.object({ deleted: z.int().positive() })

/** A run that has not ended, as a `snapshot` shows it. */
export const activeRun = z.object({
  runId: z.string(),
  status: z.string(),
  attempt: z.int().nonnegative(),
  questionId: z.string(),
})
export type ActiveRun = z.infer<typeof activeRun>
