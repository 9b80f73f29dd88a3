import { type MessageView, type RunError, type RunState, toRunErrorView } from '@askwire/contracts'
import { type Selectable, sql } from 'kysely'
import { runTimings } from '../runs/run-timings.ts'
import type { MessagesTable } from '../session-tables.ts'

/** A message with what other tables know of it. */
export type ListedMessage = Omit<Selectable<MessagesTable>, 'tenantId' | 'userId' | 'attachments'> & {
  micros: string
  siblings: string[] | null
  attached: { documentId: string; name: string | null }[] | null
  rating: 'up' | 'down' | null
  reason: string | null
  comment: string | null
  ratedAt: Date | null
  summary: string | null
  summaryModel: string
  summarised: number
  ofRun: string | null
  runStatus: RunState
  runError: RunError | null
  runCreatedAt: Date
  runStartedAt: Date | null
  runFirstTokenAt: Date | null
  runFinishedAt: Date | null
}

/** What a message `m` was asked about: ids of documents and their names, null for those that are gone; null for none at all. */
export const attachedDocuments = sql`(
  select json_agg(json_build_object('documentId', a.id, 'name', d.name) order by a.place)
  from unnest(m.attachments) with ordinality as a (id, place)
    left join documents d on d.id = a.id and d.tenant_id = m.tenant_id and d.user_id = m.user_id and d.visible
)`

/** What belongs to a message `m`: its feedback `f`, its summary `s`, and `run`, an answer's own or the newest of a question. */
export const belongings = sql`
  left join message_feedback f on f.message_id = m.id
  left join message_summaries s on s.message_id = m.id
  left join lateral (
    (select r.* from runs r where m.role = 'assistant' and r.id = m.run_id)
    union all
    (select r.* from runs r where m.role = 'user' and r.question_id = m.id order by r.seq desc limit 1)
  ) run on true`

/** The columns of a message's `belongings`. */
export const belongingColumns = sql`
  f.rating, f.reason, f.comment, f.created_at as rated_at,
  s.content as summary, s.model as summary_model, s.messages as summarised,
  run.status as run_status, run.error as run_error, run.created_at as run_created_at,
  run.started_at as run_started_at, run.first_token_at as run_first_token_at, run.finished_at as run_finished_at`

/** The columns of a `ListedMessage`, from `m` (message), `g` (siblings), `f` (feedback), `s` (summary) and `run`. */
export const listedColumns = sql`
  m.id, m.session_id, m.parent_id, m.run_id, m.role, m.content, m.partial, m.model, m.resources, m.usage, m.finish_reason,
  m.created_at, m.author_id, m.imported, m.steps, m.imported_run, g.ids as siblings,
  case when cardinality(m.attachments) > 0 then ${attachedDocuments} end as attached,
  run.id as of_run, ${belongingColumns}`

/** The message as clients see it in a list. What says nothing is left out. */
export function toListedView(row: ListedMessage): MessageView {
  const { id, sessionId, parentId, runId, role, content, partial, model, resources, usage, finishReason } = row
  const createdAt = row.createdAt.toISOString()
  return {
    ...{ id, sessionId, parentId, runId, role, content, partial, model, resources, usage, finishReason, createdAt },
    ...siblingsOf(row),
    ...(row.rating && row.ratedAt && { feedback: feedbackOf({ ...row, rating: row.rating, createdAt: row.ratedAt }) }),
    ...(row.attached && { attachments: row.attached }),
    ...runOf(row),
    ...(row.summary !== null && {
      summary: { content: row.summary, messages: row.summarised, model: row.summaryModel },
    }),
    ...(row.imported && { imported: true }),
    ...(row.authorId !== null && { authorId: row.authorId }),
  }
}

/** Feedback as clients see it. */
export function feedbackOf(row: {
  rating: 'up' | 'down'
  reason: string | null
  comment: string | null
  createdAt: Date
}): NonNullable<MessageView['feedback']> {
  const { rating, reason, comment, createdAt } = row
  return { rating, reason, comment, at: createdAt.toISOString() }
}

function siblingsOf({ id, siblings }: ListedMessage): Pick<MessageView, 'siblings'> {
  const index = siblings?.indexOf(id) ?? -1
  return siblings && index >= 0 ? { siblings: { ids: siblings, index } } : {}
}

function runOf(row: ListedMessage): Pick<MessageView, 'run'> {
  const steps = row.steps ? { steps: row.steps } : {}
  if (row.ofRun === null) {
    if (row.importedRun === null) return {}
    const { status, timings, error } = row.importedRun
    return { run: { runId: row.id, status, timings, error: error && toRunErrorView(error, row.id), ...steps } }
  }
  const timings = runTimings({
    createdAt: row.runCreatedAt,
    startedAt: row.runStartedAt,
    firstTokenAt: row.runFirstTokenAt,
    finishedAt: row.runFinishedAt,
  })
  const error = row.runError && toRunErrorView(row.runError, row.ofRun)
  return { run: { runId: row.ofRun, status: row.runStatus, timings, error, ...steps } }
}
