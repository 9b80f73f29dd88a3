import {
  type AnswerStep,
  type FinishReason,
  type MessageView,
  newId,
  type Resource,
  type RunError,
  statesBefore,
  type TerminalState,
  type Usage,
} from '@askwire/contracts'
import { defineStatement } from '../define-statement.ts'
import { jsonText, storableText } from '../sql.ts'
import type { Store } from '../store.ts'
import { ACTION_TO_END } from './force-end.ts'
import { type RunRow, runColumns } from './run-row.ts'

export type Answer = {
  content: string
  model: string | null
  resources: readonly Resource[]
  usage: Usage
  finishReason: FinishReason
  /** The answer was stopped or cut short. */
  partial: boolean
  /** How it was made, as its followers were told. */
  steps?: readonly AnswerStep[] | undefined
}

export type FinishedRun = {
  runId: string
  attempt: number
  status: TerminalState
  answer?: Answer | undefined
  error?: RunError | undefined
  /** From the claim of this attempt to its first answer text, by the worker's own clock. */
  firstTokenMs?: number | undefined
}

/** The answer as it was stored, as far as its followers are told. */
export type StoredAnswer = Pick<MessageView, 'id' | 'content' | 'resources' | 'usage' | 'finishReason'>

/**
 * Ends a running attempt and stores its answer, both or neither, in one statement. Null: the attempt was no longer the run's (it was cancelled,
 * expired or taken over) and nothing was written. Takes an id, not a scope: for workers.
 */
export async function finishRun(
  store: Store,
  end: FinishedRun,
): Promise<{ run: RunRow; answer: StoredAnswer | null } | null> {
  const { runId, attempt, status, answer } = end
  if (!statesBefore(ACTION_TO_END[status]).includes('running')) throw new Error(`a running run cannot be ${status}`)
  const error = end.error ? jsonText(end.error) : null
  const values = [runId, attempt, status, error, end.firstTokenMs === undefined ? null : end.firstTokenMs / 1000]
  if (!answer) {
    const [run] = await endStatement(store.db, values)
    return run ? { run, answer: null } : null
  }
  const { model, partial, usage, finishReason } = answer
  const id = newId()
  const content = storableText(answer.content)
  const resources = jsonText(answer.resources)
  const steps = answer.steps?.length ? jsonText(answer.steps) : null
  const stored = [id, jsonText(usage), content, partial, model, resources, finishReason, steps]
  const [run] = await endWithAnswerStatement(store.db, [...values, ...stored])
  return run ? { run, answer: { id, content, resources: JSON.parse(resources), usage, finishReason } } : null
}

const ending = (answer: { id: string; usage: string }): string => `
  update runs set status = $3, answer_id = ${answer.id}, finished_at = clock_timestamp(), lease_until = null,
    error = $4::jsonb, usage = ${answer.usage}, first_token_at = claimed_at + make_interval(secs => $5::float8)
  where id = $1 and attempt = $2 and status = 'running'
  returning ${runColumns('runs')}`

const endStatement = defineStatement<RunRow>('end_run', ending({ id: 'null', usage: 'null' }))

const endWithAnswerStatement = defineStatement<RunRow>(
  'end_run_with_answer',
  `with ended as (${ending({ id: '$6::uuid', usage: '$7::jsonb' })}), answer as (
    insert into messages (id, tenant_id, user_id, session_id, parent_id, run_id, role, content, partial, model, resources,
      usage, finish_reason, steps)
    select $6::uuid, "tenantId", "userId", "sessionId", "questionId", id, 'assistant', $8, $9::boolean, $10::text,
      $11::jsonb, $7::jsonb, $12::text, $13::jsonb
    from ended
  )
  select * from ended`,
)
