import type { Action, ActivityStats, Reach } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { type ActivitiesOf, activitiesOf } from './list-activities.ts'

/** How often each action was recorded on each of the last `days` UTC days, today included. Throws `not_found` for a tenant beyond reach. */
export async function activityStats(
  store: Store,
  reach: Reach,
  whose: ActivitiesOf,
  days: number,
): Promise<ActivityStats> {
  const shown = activitiesOf(reach, whose)
  const { rows } = await withScope(
    store,
    reach,
    async (db) =>
      await sql<{ day: string; action: Action; count: number }>`
        select (created_at at time zone 'UTC')::date::text as day, action, count(*)::int as count
        from activities
        where ${shown}
          and created_at >= date_trunc('day', now(), 'UTC') - make_interval(days => ${days - 1}::int)
        group by 1, 2 order by 1, 2`.execute(db),
  )
  return { days: rows, total: rows.reduce((sum, { count }) => sum + count, 0) }
}
