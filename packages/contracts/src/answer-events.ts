import { z } from 'zod'
import { runErrorView } from './errors.ts'
import { resource } from './resources.ts'
import { RUN_STATES, TERMINAL_STATES } from './run-states.ts'
import { finishReason, usage } from './usage.ts'

/** How long each phase of a run took, in milliseconds; `null` for a phase it never reached. */
export const timings = z.object({
  queuedMs: z.number().nullable(),
  firstTokenMs: z.number().nullable(),
  totalMs: z.number().nullable(),
})
export type Timings = z.infer<typeof timings>

/** The nodes a run's steps are named by; a client may show `title`. */
const node = { node: z.string(), title: z.string() }

/**
 * The payload of each event a worker writes to the log, by event name. These names are the only ones that may ever
 * become an SSE `event:` field; a provider's bytes only ever become values.
 */
export const ANSWER_EVENTS = {
  workflow_started: z.object({ questionId: z.string(), model: z.string() }),
  node_started: z.object(node),
  node_finished: z.object({
    ...node,
    elapsedMs: z.number(),
    status: z.enum(['succeeded', 'failed']),
    outputs: z.record(z.string(), z.unknown()),
  }),
  retrieval: z.object({ resources: z.array(resource) }),
  reasoning: z.object({ delta: z.string() }),
  message: z.object({ delta: z.string() }),
  message_replace: z.object({ text: z.string(), reason: z.enum(['restarted', 'moderated']) }),
  message_end: z.object({
    answerId: z.string(),
    /** Length of the stored answer in UTF-16 code units. */
    text: z.int().nonnegative(),
    usage,
    finishReason,
    resources: z.array(resource),
  }),
  error: z.object({ error: runErrorView }),
  workflow_finished: z.object({ status: z.enum(TERMINAL_STATES), timings }),
} as const

export type AnswerEventName = keyof typeof ANSWER_EVENTS
export type AnswerEventPayload<N extends AnswerEventName = AnswerEventName> = z.infer<(typeof ANSWER_EVENTS)[N]>

/** One item of a session's stream before it has its number: a discriminated union over the event name. */
export type AnswerEvent = { [N in AnswerEventName]: { event: N } & AnswerEventPayload<N> }[AnswerEventName]

/** The event that ends a run's stream: exactly one per run, always last. */
export const TERMINAL_EVENT = 'workflow_finished' satisfies AnswerEventName

/** True when `name` is an event of the log. */
export function isAnswerEventName(name: string): name is AnswerEventName {
  return Object.hasOwn(ANSWER_EVENTS, name)
}

/** Events a gateway makes itself for one follower; they carry no id and are in no log. */
export const FOLLOWER_EVENTS = {
  accepted: z.object({
    questionId: z.string(),
    status: z.enum(RUN_STATES),
    position: z.int().nonnegative(),
    eventsUrl: z.string(),
  }),
  queued: z.object({ position: z.int().nonnegative() }),
  snapshot: z.object({ messages: z.array(z.unknown()), activeRun: z.unknown() }),
} as const
export type FollowerEventName = keyof typeof FOLLOWER_EVENTS
