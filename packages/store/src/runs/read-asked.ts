import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import type { Question } from './accept-question.ts'
import { findRun, type RunRow, runNotFound } from './run-row.ts'

/** A run, whose it is, and the question it was made for: what `acceptQuestion` needs to ask it again at the same place. */
export type Asked = { run: RunRow; scope: Scope; question: Omit<Question, 'onBusy'> }

/** Reads what a run was asked, with the time it was given. Throws `not_found`. For operators: it takes an id, not a scope. */
export async function readAsked(store: Store, runId: string): Promise<Asked> {
  const run = await findRun(store, runId)
  if (!run) throw runNotFound()
  const { content, parentId, authorId, attachments } = await store.db
    .selectFrom('messages')
    .select(['content', 'parentId', 'authorId'])
    // One that was deleted since is searched no more.
    .select((eb) =>
      eb
        .selectFrom('documents')
        .select(sql<string[] | null>`array_agg(id)`.as('ids'))
        .whereRef('documents.id', '=', sql<string>`any(messages.attachments)`)
        .whereRef('documents.userId', '=', 'messages.userId')
        .where('visible', '=', true)
        .as('attachments'),
    )
    .where('id', '=', run.questionId)
    .executeTakeFirstOrThrow()
  return {
    run,
    scope: { tenantId: run.tenantId, userId: run.userId },
    question: {
      message: content,
      sessionId: run.sessionId,
      parentId,
      authorId: authorId ?? undefined,
      attachments: attachments ?? undefined,
      model: run.model ?? undefined,
      collectionIds: run.collectionIds ?? undefined,
      deadlineMs: run.deadlineAt.getTime() - run.createdAt.getTime(),
    },
  }
}
