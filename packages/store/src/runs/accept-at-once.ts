import { newId, type Scope } from '@askwire/contracts'
import { defineStatement } from '../define-statement.ts'
import { storableText } from '../sql.ts'
import type { Queryable } from '../store.ts'
import type { AcceptResult, Question } from './accept-question.ts'
import { NOWHERE } from './insert-question.ts'
import { ASKED_IN } from './mark-asked-in.ts'
import { MAX_POSITION } from './run-position.ts'
import { type RunRow, runColumns } from './run-row.ts'

/** Below this distance to the user's limit acceptances of one user go one after another. A gateway has ten under way at the most. */
export const EXACT_WITHIN = 32

/**
 * The usual case in one statement, without a lock to wait for: the user is far from the limit, the session new or idle, the parent
 * there. Undefined: not so, or the session changed meanwhile, and nothing was written. A key that is taken violates `runs_one_per_key`.
 */
export async function acceptAtOnce(
  db: Queryable,
  scope: Scope,
  question: Question,
  requestHash: string | null,
): Promise<AcceptResult | undefined> {
  const { sessionId, parentId } = question
  const { requestId, address, agent } = question.facts ?? NOWHERE
  // A session that is not there yet has no message to be a parent.
  if (sessionId === undefined && typeof parentId === 'string') return undefined
  const values = [
    scope.tenantId,
    scope.userId,
    sessionId ?? newId(),
    question.maxUnfinishedRuns ?? null,
    newId(),
    newId(),
    storableText(question.message),
    question.deadlineMs / 1000,
    question.model ?? null,
    question.collectionIds ?? null,
    parentId !== undefined,
    question.idempotencyKey ?? null,
    requestHash,
    question.attachments ?? [],
    question.authorId ?? null,
  ]
  const [row] =
    sessionId === undefined
      ? await acceptInNew(db, [...values, newId(), requestId, address, agent])
      : await acceptInIdle(db, [...values, parentId ?? null])
  if (!row) return undefined
  const { position, ...run } = row
  return { kind: 'accepted', run, created: true, blockingRunIds: [], position }
}

type Row = RunRow & { position: number }

/** Nothing is attached, or only documents of the caller. */
const mayAttach = `(cardinality($14::uuid[]) = 0 or cardinality($14::uuid[]) = (
    select count(*) from documents where id = any($14::uuid[]) and tenant_id = $1 and user_id = $2 and visible
  ))`

const withinLimit = `($4::int is null or (select count(*) from (
    select from runs where tenant_id = $1 and user_id = $2 and finished_at is null limit $4::int) unfinished
  ) + ${EXACT_WITHIN} < $4::int)`

/** The question and its run, for the session that `place` names. */
const insertAtPlace = `question as (
    insert into messages (id, tenant_id, user_id, session_id, run_id, parent_id, role, content, attachments, author_id)
    select $5::uuid, $1, $2, id, $6::uuid, parent_id, 'user', $7, $14::uuid[], $15::uuid from place
  )
  insert into runs (id, tenant_id, user_id, session_id, question_id, ordinal, status, queued_at, deadline_at, model,
    collection_ids, parent_given, idempotency_key, request_hash)
  select $6::uuid, $1, $2, id, $5::uuid, ordinal, 'queued', clock_timestamp(),
    clock_timestamp() + make_interval(secs => $8::float8), $9::text, $10::uuid[], $11::boolean, $12::text, $13::text
  from place
  returning ${runColumns('runs')}, askwire_queued_runs(${MAX_POSITION}) as position`

const acceptInNew = defineStatement<Row>(
  'accept_in_new',
  `with place as (
    insert into sessions (id, tenant_id, user_id, last_ordinal)
    select $3::uuid, $1::uuid, $2::uuid, 1 where ${withinLimit} and ${mayAttach}
    returning id, last_ordinal as ordinal, null::uuid as parent_id
  ), recorded as (
    insert into activities (id, tenant_id, actor_id, action, target_type, target_id, request_id, address, agent)
    select $16::uuid, $1, $2, 'session.create', 'session', id::text, $17::text, $18::text, $19::text from place
  ), ${insertAtPlace}`,
)

/**
 * What `found` reads is what holds when its row is taken, or nothing is: a run that was accepted meanwhile has changed the session's
 * counter or its time, and the update, which waits for it, then finds no row.
 */
const acceptInIdle = defineStatement<Row>(
  'accept_in_idle',
  `with found as materialized (
    select id, last_ordinal, updated_at, case when $11::boolean then $16::uuid else coalesce(active_leaf_id,
      (select coalesce(answer_id, question_id) from runs
        where session_id = $3::uuid and ordinal is not null order by ordinal desc limit 1),
      (select id from messages where session_id = $3::uuid order by created_at desc, id desc limit 1)) end as parent_id
    from sessions
    where id = $3::uuid and tenant_id = $1::uuid and user_id = $2::uuid
      and not exists (select from runs where session_id = $3::uuid and logged_at is null)
      and ($16::uuid is null or exists (select from messages where session_id = $3::uuid and id = $16::uuid))
      and deleted_at is null and ${withinLimit} and ${mayAttach}
  ), place as (
    update sessions set ${ASKED_IN}, last_ordinal = found.last_ordinal + 1 from found
    where sessions.id = found.id
      and sessions.last_ordinal = found.last_ordinal and sessions.updated_at = found.updated_at
    returning sessions.id, sessions.last_ordinal as ordinal, found.parent_id
  ), ${insertAtPlace}`,
)
