import { z } from 'zod'
import { uuid } from './ids.ts'
import { resource } from './resources.ts'
import { finishReason, usage } from './usage.ts'

const turn = z.object({ role: z.enum(['user', 'assistant']), content: z.string() })

/**
 * What worker and agent say to each other inside A2A messages. The question is the message's text part; this object is
 * its data part. `contextId` = sessionId; one task per attempt.
 */
export const agentRequest = z.object({
  schemaVersion: z.literal(1),
  /** `title`: what to call the conversation, instead of an answer; `runId` is then the job's, and nothing is looked up or kept. */
  purpose: z.enum(['answer', 'title']).optional(),
  runId: uuid,
  sessionId: uuid,
  attempt: z.int().positive(),
  scope: z.object({ tenantId: uuid, userId: uuid }),
  /** Absent: the agent's configured default. */
  model: z.string().optional(),
  collectionIds: z.array(uuid).optional(),
  /** The documents the question is about: only they are searched. */
  documentIds: z.array(uuid).optional(),
  /** What stands for everything on the branch before `overflow` and `history`. */
  summary: z.string().optional(),
  /** What no longer fits and is to be condensed together with `summary`, oldest first. */
  overflow: z.array(turn).optional(),
  /** The active branch before the question, as far as it fits, oldest first. */
  history: z.array(turn),
})
export type AgentRequest = z.infer<typeof agentRequest>

/** Names of the artifacts of a task: the answer and the reasoning are text appended chunk by chunk, the citations and the summary are data. */
export const AGENT_ARTIFACTS = {
  answer: 'answer',
  reasoning: 'reasoning',
  resources: 'resources',
  summary: 'summary',
} as const

/** Data part of the message in a `working` status update: the graph's progress. */
export const agentProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), model: z.string() }),
  z.object({ kind: z.literal('node_started'), node: z.string(), title: z.string() }),
  z.object({
    kind: z.literal('node_finished'),
    node: z.string(),
    title: z.string(),
    elapsedMs: z.number(),
    status: z.enum(['succeeded', 'failed']),
    outputs: z.record(z.string(), z.unknown()),
  }),
])
export type AgentProgress = z.infer<typeof agentProgress>

/** Data part of the `resources` artifact. */
export const agentResources = z.object({ resources: z.array(resource) })

/** Data part of the `summary` artifact: what `summary` and `overflow` of the request were condensed to, and by which model. */
export const agentSummary = z.object({ content: z.string(), model: z.string() })
export type AgentSummary = z.infer<typeof agentSummary>

/** Data part of the message in the terminal status update (`completed`, and `canceled` when anything was answered). */
export const agentResult = z.object({ model: z.string(), usage, finishReason })
export type AgentResult = z.infer<typeof agentResult>

/** Data part of the message in a `failed` status update. */
export const agentFailure = z.object({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  /** What was used before the failure, when anything was. */
  usage: usage.optional(),
})
export type AgentFailure = z.infer<typeof agentFailure>

/** JSON-RPC error codes of the agent's own, beside those of JSON-RPC (-32700…-32600) and A2A (-32001…-32009). */
export const AGENT_RPC_CODES = { draining: -32_050, overloaded: -32_051, stale_attempt: -32_052 } as const
