import {
  type Actor,
  AppError,
  type FeedbackRequest,
  type FeedbackStats,
  type FeedbackView,
  type Scope,
} from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { clock, nowMinus, storableText } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { feedbackOf } from './listed-message.ts'

type Place = { sessionId: string; messageId: string }

/** Says what one thinks of an answer, once: later feedback takes the place of earlier. Throws `not_found` for anything but an answer. */
export async function giveFeedback(
  store: Store,
  scope: Scope,
  actor: Actor,
  { sessionId, messageId, ...given }: Place & FeedbackRequest,
): Promise<FeedbackView> {
  const said = {
    rating: given.rating,
    reason: given.reason ?? null,
    comment: given.comment === undefined ? null : storableText(given.comment),
  }
  return await withScope(store, scope, async (trx) => {
    await requireAnswer(trx, scope, { sessionId, messageId })
    const row = await trx
      .insertInto('messageFeedback')
      .values({ messageId, sessionId, tenantId: scope.tenantId, userId: scope.userId, ...said })
      .onConflict((conflict) => conflict.column('messageId').doUpdateSet({ ...said, createdAt: clock }))
      .returning(['rating', 'reason', 'comment', 'createdAt'])
      .executeTakeFirstOrThrow()
    // The comment is the person's text, not a fact about the change.
    const { rating, reason } = said
    await record(trx, actor, { sessionId, messageId }, { after: { sessionId, rating, reason } })
    return feedbackOf(row)
  })
}

/** Takes feedback back; there need not be any. Throws `not_found` for anything but an answer. */
export async function takeBackFeedback(store: Store, scope: Scope, actor: Actor, place: Place): Promise<void> {
  await withScope(store, scope, async (trx) => {
    await requireAnswer(trx, scope, place)
    const row = await trx
      .deleteFrom('messageFeedback')
      .where('messageId', '=', place.messageId)
      .returning(['rating', 'reason'])
      .executeTakeFirst()
    if (row) await record(trx, actor, place, { before: { sessionId: place.sessionId, ...row } })
  })
}

/**
 * Counts of the feedback of the last days: one's own, or, without a user, the whole tenant's. As the tables' owner and by ids, for an
 * administrator may count what they may not read.
 */
export async function countFeedback(
  store: Store,
  whose: { tenantId: string; userId?: string | undefined; days: number },
): Promise<FeedbackStats> {
  const user = whose.userId === undefined ? sql`true` : sql`f.user_id = ${whose.userId}`
  const { rows } = await sql<Counted>`
    select f.reason, m.model, (f.created_at at time zone 'utc')::date::text as day,
      count(*) filter (where f.rating = 'up')::int as up, count(*) filter (where f.rating = 'down')::int as down
    from message_feedback f join messages m on m.id = f.message_id
    where f.tenant_id = ${whose.tenantId} and ${user} and f.created_at > ${nowMinus(whose.days * 86_400_000)}
    group by 1, 2, 3`.execute(store.db)
  return {
    ...sum(rows),
    reasons: [
      ...groupBy(
        rows.filter((row) => row.reason !== null),
        (row) => row.reason ?? '',
      ),
    ].map(([reason, group]) => ({ reason, ...sum(group) })),
    models: [...groupBy(rows, (row) => row.model)].map(([model, group]) => ({ model, ...sum(group) })),
    days: [...groupBy(rows, (row) => row.day)]
      .map(([day, group]) => ({ day, ...sum(group) }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
  }
}

type Counted = { reason: string | null; model: string | null; day: string; up: number; down: number }

function sum(rows: readonly Counted[]): { up: number; down: number } {
  return rows.reduce((total, { up, down }) => ({ up: total.up + up, down: total.down + down }), { up: 0, down: 0 })
}

function groupBy<K>(rows: readonly Counted[], keyOf: (row: Counted) => K): Map<K, Counted[]> {
  return Map.groupBy(rows, keyOf)
}

async function requireAnswer(trx: Queryable, scope: Scope, { sessionId, messageId }: Place): Promise<void> {
  const answer = await trx
    .selectFrom('messages')
    .select('id')
    .where('sessionId', '=', sessionId)
    .where('id', '=', messageId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('role', '=', 'assistant')
    .forKeyShare()
    .executeTakeFirst()
  if (!answer) throw new AppError('not_found', 'There is no such answer in this session.')
}

async function record(
  trx: Queryable,
  actor: Actor,
  { messageId }: Place,
  change: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): Promise<void> {
  const action = change.after ? 'feedback.create' : 'feedback.delete'
  await recordActivity(trx, actor, { action, targetType: 'message', targetId: messageId, ...change })
}
