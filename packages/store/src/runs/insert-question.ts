import { newId, type Scope } from '@askwire/contracts'
import { activityRow } from '../activities/record-activity.ts'
import { clock, clockPlus, storableText } from '../sql.ts'
import type { Queryable } from '../store.ts'
import type { Question } from './accept-question.ts'
import { markAskedIn } from './mark-asked-in.ts'
import type { RunRow } from './run-row.ts'

export type PlacedQuestion = Omit<Question, 'sessionId' | 'parentId'> & {
  sessionId: string
  newSession: boolean
  parentId: string | null
  parentGiven: boolean
  /** Null: the run waits. */
  ordinal: number | null
  requestHash: string | null
}

/** The facts of a question that no request brought. */
export const NOWHERE = { requestId: '', address: '', agent: '' }

/** Writes the session (new, or its counter), the question's message and its run; that a session is new is recorded with it. */
export async function insertQuestion(trx: Queryable, scope: Scope, question: PlacedQuestion): Promise<RunRow> {
  const runId = newId()
  const questionId = newId()
  const { sessionId, ordinal } = question
  if (question.newSession) {
    const { tenantId, userId } = scope
    const actor = { ...(question.facts ?? NOWHERE), tenantId, userId }
    await trx
      .with('session', (db) =>
        db.insertInto('sessions').values({ id: sessionId, tenantId, userId, lastOrdinal: ordinal ?? 0 }),
      )
      .insertInto('activities')
      .values(activityRow(actor, { action: 'session.create', targetType: 'session', targetId: sessionId }))
      .execute()
  } else {
    await markAskedIn(trx, sessionId, ordinal)
  }
  return await trx
    .with('question', (db) =>
      db.insertInto('messages').values({
        id: questionId,
        tenantId: scope.tenantId,
        userId: scope.userId,
        sessionId,
        runId,
        parentId: question.parentId,
        role: 'user',
        content: storableText(question.message),
        attachments: question.attachments ?? [],
        authorId: question.authorId ?? null,
      }),
    )
    .insertInto('runs')
    .values({
      id: runId,
      tenantId: scope.tenantId,
      userId: scope.userId,
      sessionId,
      questionId,
      ordinal,
      status: ordinal === null ? 'waiting' : 'queued',
      queuedAt: ordinal === null ? null : clock,
      deadlineAt: clockPlus(question.deadlineMs),
      model: question.model ?? null,
      collectionIds: question.collectionIds ?? null,
      parentGiven: question.parentGiven,
      idempotencyKey: question.idempotencyKey ?? null,
      requestHash: question.requestHash,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}
