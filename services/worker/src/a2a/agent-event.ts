import {
  AGENT_ARTIFACTS,
  AGENT_RPC_CODES,
  type AgentFailure,
  type AgentProgress,
  type AgentResult,
  type AgentSummary,
  AppError,
  agentFailure,
  agentProgress,
  agentResources,
  agentResult,
  agentSummary,
  type Resource,
} from '@askwire/contracts'
import { z } from 'zod'

/** What one line of the agent's stream says, in our words. */
export type AgentEvent =
  | { kind: 'task'; taskId: string; ended: boolean }
  | { kind: 'progress'; progress: AgentProgress }
  | { kind: 'answer'; delta: string }
  | { kind: 'reasoning'; delta: string }
  | { kind: 'resources'; resources: Resource[] }
  | { kind: 'summary'; summary: AgentSummary }
  | AgentEnd

/** How a task ended. An end of the stream without one of these is a failure. */
export type AgentEnd =
  | { kind: 'completed'; result: AgentResult }
  | { kind: 'canceled'; result: AgentResult | undefined }
  | { kind: 'failed'; failure: AgentFailure }

const part = z.object({ text: z.string().optional(), data: z.unknown().optional() })
const message = z.object({ parts: z.array(part).default([]) })
const status = z.object({ state: z.string(), message: message.optional() })
const rpcLine = z.object({
  error: z.object({ code: z.int(), message: z.string() }).optional(),
  result: z
    .object({
      task: z.object({ id: z.string(), status }).optional(),
      statusUpdate: z.object({ taskId: z.string(), status }).optional(),
      artifactUpdate: z
        .object({ artifact: z.object({ artifactId: z.string(), parts: z.array(part).default([]) }) })
        .optional(),
    })
    .optional(),
})
type Status = z.infer<typeof status>

/**
 * Reads one JSON-RPC response of a `SendStreamingMessage` stream (A2A 1.0, ProtoJSON). `undefined` for a line that says
 * nothing we use. Throws `agent_failed` for an error response and for anything that is not one of these shapes.
 */
export function parseAgentLine(json: string): AgentEvent | undefined {
  const parsed = rpcLine.safeParse(parseJson(json))
  if (!parsed.success) throw notUnderstood(parsed.error)
  const { error, result } = parsed.data
  if (error) throw refusal(error)
  if (result?.artifactUpdate) return fromArtifact(result.artifactUpdate.artifact)
  if (result?.statusUpdate) return fromStatus(result.statusUpdate.status)
  if (result?.task) return fromStatus(result.task.status) ?? { kind: 'task', taskId: result.task.id, ended: false }
  return undefined
}

/** An agent that is leaving or full is like one that is away: the question is asked again. One that knows a later attempt ends this one. */
function refusal(error: { code: number; message: string }): AppError {
  const cause = new Error(`${error.code} ${error.message}`)
  switch (error.code) {
    case AGENT_RPC_CODES.draining:
    case AGENT_RPC_CODES.overloaded:
      return new AppError('agent_unavailable', 'The agent takes no questions at the moment.', { cause })
    case AGENT_RPC_CODES.stale_attempt:
      return new AppError('stale_attempt', 'The agent has a later attempt of this run.', { cause })
    default:
      return new AppError('agent_failed', 'The agent refused the question.', { cause })
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw notUnderstood(error)
  }
}

function fromArtifact(artifact: { artifactId: string; parts: z.infer<typeof part>[] }): AgentEvent | undefined {
  const text = artifact.parts.map((one) => one.text ?? '').join('')
  switch (artifact.artifactId) {
    case AGENT_ARTIFACTS.answer:
      return text === '' ? undefined : { kind: 'answer', delta: text }
    case AGENT_ARTIFACTS.reasoning:
      return text === '' ? undefined : { kind: 'reasoning', delta: text }
    case AGENT_ARTIFACTS.resources:
      return { kind: 'resources', resources: resourcesOf(artifact.parts) }
    case AGENT_ARTIFACTS.summary: {
      // Nothing hangs on it: one that cannot be read is none.
      const summary = agentSummary.safeParse(dataOf(artifact.parts))
      return summary.success ? { kind: 'summary', summary: summary.data } : undefined
    }
    default:
      return undefined
  }
}

function fromStatus({ state, message: said }: Status): AgentEvent | undefined {
  const data = dataOf(said?.parts ?? [])
  switch (state) {
    case 'TASK_STATE_WORKING': {
      const progress = agentProgress.safeParse(data)
      return progress.success ? { kind: 'progress', progress: progress.data } : undefined
    }
    case 'TASK_STATE_COMPLETED':
      return { kind: 'completed', result: resultOf(data) }
    case 'TASK_STATE_CANCELED':
      return { kind: 'canceled', result: agentResult.safeParse(data).data }
    case 'TASK_STATE_FAILED':
    case 'TASK_STATE_REJECTED':
      return { kind: 'failed', failure: agentFailure.safeParse(data).data ?? UNNAMED_FAILURE }
    default:
      return undefined
  }
}

function resultOf(data: unknown): AgentResult {
  const parsed = agentResult.safeParse(data)
  if (!parsed.success) throw notUnderstood(parsed.error)
  return parsed.data
}

function resourcesOf(parts: readonly z.infer<typeof part>[]): Resource[] {
  const parsed = agentResources.safeParse(dataOf(parts))
  if (!parsed.success) throw notUnderstood(parsed.error)
  return parsed.data.resources
}

const notUnderstood = (cause?: unknown): AppError =>
  new AppError('agent_failed', 'The agent sent something that cannot be understood.', { cause })

const UNNAMED_FAILURE: AgentFailure = { code: 'agent_failed', message: 'The agent could not answer.', retryable: false }

const dataOf = (parts: readonly z.infer<typeof part>[]): unknown => parts.find((one) => one.data !== undefined)?.data
