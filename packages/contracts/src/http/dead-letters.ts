import { z } from 'zod'

/**
 * Why a question became a dead letter: it is no question at all (`malformed`), is of a version this installation did not learn in
 * time, came back too often (`delivery_limit`), was given up by a worker (`rejected`), or the broker had another reason.
 */
export const DEAD_LETTER_REASONS = ['malformed', 'newer_version', 'delivery_limit', 'rejected', 'other'] as const
export const deadLetterReason = z.enum(DEAD_LETTER_REASONS)
export type DeadLetterReason = z.infer<typeof deadLetterReason>

/** One death of a message, as the broker counted it. */
export const death = z.object({
  queue: z.string(),
  reason: z.string(),
  count: z.int().nonnegative(),
  at: z.string().nullable(),
})
export type Death = z.infer<typeof death>

/** An item of `GET /api/dead-letters`. Session and run are null when the message names no run that exists. */
export const deadLetterSummary = z.object({
  id: z.string(),
  reason: deadLetterReason,
  messageId: z.string().nullable(),
  runId: z.string().nullable(),
  sessionId: z.string().nullable(),
  bodyBytes: z.int().nonnegative(),
  receivedAt: z.string(),
  replayedAt: z.string().nullable(),
  replayRunId: z.string().nullable(),
})
export type DeadLetterSummary = z.infer<typeof deadLetterSummary>

/** Body of `GET /api/dead-letters/:letterId`: also the message as text, cut at 64 KiB (`bodyBytes` is its length before that). */
export const deadLetterView = deadLetterSummary.extend({ body: z.string(), deaths: z.array(death) })
export type DeadLetterView = z.infer<typeof deadLetterView>

/** Body of `POST /api/dead-letters/:letterId/replay`: the run that now stands for the letter, the same for every repetition. */
export const replayed = z.object({ runId: z.string(), sessionId: z.string() })
export type Replayed = z.infer<typeof replayed>
