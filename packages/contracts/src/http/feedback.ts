import { z } from 'zod'

/** Feedback on an answer. */
export const feedbackRequest = z.strictObject({
  rating: z.enum(['up', 'down']),
  reason: z.enum(['wrong', 'incomplete', 'off_topic', 'bad_source', 'unsafe', 'slow', 'helpful', 'other']).optional(),
  comment: z.string().trim().max(2000).optional(),
})
export type FeedbackRequest = z.infer<typeof feedbackRequest>
export const feedbackView = z.object({
  rating: z.enum(['up', 'down']),
  reason: z.string().nullable(),
  comment: z.string().nullable(),
  at: z.string(),
})
export type FeedbackView = z.infer<typeof feedbackView>

/** Query of `GET /api/feedback/stats`. `scope=tenant` needs `audit.read`. */
export const feedbackStatsQuery = z.strictObject({
  scope: z.enum(['own', 'tenant']).default('own'),
  days: z.coerce.number().int().min(1).max(366).default(30),
})
const ratings = { up: z.int().nonnegative(), down: z.int().nonnegative() }
/** Body of `GET /api/feedback/stats`: counts over the days asked for; UTC days without any are absent. */
export const feedbackStats = z.object({
  ...ratings,
  reasons: z.array(z.object({ reason: z.string(), ...ratings })),
  models: z.array(z.object({ model: z.string().nullable(), ...ratings })),
  days: z.array(z.object({ day: z.iso.date(), ...ratings })),
})
export type FeedbackStats = z.infer<typeof feedbackStats>
