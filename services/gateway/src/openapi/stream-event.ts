import { ANSWER_EVENTS, activeRun, FOLLOWER_EVENTS, messageView, notice, noticePlace } from '@askwire/contracts'
import { z } from 'zod'

const common = { sessionId: z.string(), runId: z.string(), attempt: z.int().nonnegative(), at: z.string() }

/** The JSON object in each `data:` field of a stream, as clients see it: one schema per event name. */
export const streamEvent = z.union([
  ...Object.entries({ ...ANSWER_EVENTS, accepted: FOLLOWER_EVENTS.accepted, queued: FOLLOWER_EVENTS.queued }).map(
    ([event, payload]) => z.object({ event: z.literal(event), ...common, ...payload.shape }),
  ),
  z.object({
    event: z.literal('snapshot'),
    ...common,
    runId: z.string().nullable(),
    messages: z.array(messageView),
    activeRun: activeRun.nullable(),
  }),
  notice,
  noticePlace,
])
