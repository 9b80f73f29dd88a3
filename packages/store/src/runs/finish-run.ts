import {
  type FinishReason,
  newId,
  type Resource,
  type RunError,
  statesBefore,
  type TerminalState,
  type Usage,
} from '@askwire/contracts'
import { sql } from 'kysely'
import { clock, json, storableText } from '../sql.ts'
import type { Store } from '../store.ts'
import { ACTION_TO_END } from './force-end.ts'
import type { RunRow } from './run-row.ts'

export type Answer = {
  content: string
  model: string | null
  resources: readonly Resource[]
  usage: Usage
  finishReason: FinishReason
  /** The answer was stopped or cut short. */
  partial: boolean
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

/**
 * Ends a running attempt and stores its answer, both or neither, in one statement. Null: the attempt was no longer the run's (it was cancelled,
 * expired or taken over) and nothing was written. Takes an id, not a scope: for workers.
 */
export async function finishRun(
  store: Store,
  end: FinishedRun,
): Promise<{ run: RunRow; answerId: string | null } | null> {
  const { answer } = end
  const answerId = answer ? newId() : null
  const ended = store.db.with('ended', (db) =>
    db
      .updateTable('runs')
      .set({
        status: end.status,
        answerId,
        finishedAt: clock,
        leaseUntil: null,
        error: end.error ? json(end.error) : null,
        usage: answer ? json(answer.usage) : null,
        firstTokenAt:
          end.firstTokenMs === undefined
            ? null
            : sql<Date>`claimed_at + make_interval(secs => ${end.firstTokenMs / 1000})`,
      })
      .where('id', '=', end.runId)
      .where('attempt', '=', end.attempt)
      .where('status', '=', 'running')
      .where('status', 'in', statesBefore(ACTION_TO_END[end.status]))
      .returningAll(),
  )
  const stored =
    answer && answerId !== null
      ? ended.with('answer', (db) =>
          db
            .insertInto('messages')
            .columns([
              'id',
              'tenantId',
              'userId',
              'sessionId',
              'parentId',
              'runId',
              'role',
              'content',
              'partial',
              'model',
              'resources',
              'usage',
              'finishReason',
            ])
            .expression((eb) =>
              eb
                .selectFrom('ended')
                .select([
                  sql<string>`${answerId}::uuid`.as('id'),
                  'tenantId',
                  'userId',
                  'sessionId',
                  'questionId',
                  'ended.id as runId',
                  sql<'assistant'>`'assistant'`.as('role'),
                  sql<string>`${storableText(answer.content)}::text`.as('content'),
                  sql<boolean>`${answer.partial}::boolean`.as('partial'),
                  sql<string | null>`${answer.model}::text`.as('answerModel'),
                  json(answer.resources).as('resources'),
                  json(answer.usage).as('answerUsage'),
                  sql<FinishReason>`${answer.finishReason}::text`.as('finishReason'),
                ]),
            ),
        )
      : ended
  const run = await stored.selectFrom('ended').selectAll().executeTakeFirst()
  return run ? { run, answerId } : null
}
