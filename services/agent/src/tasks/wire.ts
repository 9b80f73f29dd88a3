import {
  type Artifact,
  type Message,
  type Part,
  Role,
  type StreamResponse,
  type TaskState,
  type TaskStatus,
} from '@a2a-js/sdk'
import { AGENT_ARTIFACTS, type AgentSummary, newId } from '@askwire/contracts'

export type TaskIds = { taskId: string; contextId: string }
export type TextArtifact = typeof AGENT_ARTIFACTS.answer | typeof AGENT_ARTIFACTS.reasoning

const part = (content: Part['content']): Part => ({ content, metadata: undefined, filename: '', mediaType: '' })
export const textPart = (text: string): Part => part({ $case: 'text', value: text })
export const dataPart = (data: unknown): Part => part({ $case: 'data', value: data })

export const artifact = (artifactId: string, parts: Part[]): Artifact => ({
  artifactId,
  name: artifactId,
  description: '',
  parts,
  metadata: undefined,
  extensions: [],
})

/** A status whose message carries `data`; without data the status has no message. */
export function statusOf(ids: TaskIds, state: TaskState, data?: unknown): TaskStatus {
  const timestamp = new Date().toISOString()
  return { state, timestamp, message: data === undefined ? undefined : agentMessage(ids, [dataPart(data)]) }
}

function agentMessage(ids: TaskIds, parts: Part[]): Message {
  return {
    ...ids,
    messageId: newId(),
    role: Role.ROLE_AGENT,
    parts,
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  }
}

export const statusUpdate = (ids: TaskIds, status: TaskStatus): StreamResponse => ({
  payload: { $case: 'statusUpdate', value: { ...ids, status, metadata: undefined } },
})

/** `append` is false for an artifact's first piece only, as A2A has it: the piece that makes the artifact. */
export const textUpdate = (
  ids: TaskIds,
  update: { artifact: TextArtifact; text: string; append: boolean },
): StreamResponse => artifactUpdate(ids, artifact(update.artifact, [textPart(update.text)]), update.append)

export const summaryArtifact = (summary: AgentSummary): Artifact =>
  artifact(AGENT_ARTIFACTS.summary, [dataPart(summary)])

export const resourcesArtifact = (resources: readonly unknown[]): Artifact =>
  artifact(AGENT_ARTIFACTS.resources, [dataPart({ resources })])

export const artifactUpdate = (ids: TaskIds, value: Artifact, append = false): StreamResponse => ({
  payload: {
    $case: 'artifactUpdate',
    value: { ...ids, artifact: value, append, lastChunk: false, metadata: undefined },
  },
})
