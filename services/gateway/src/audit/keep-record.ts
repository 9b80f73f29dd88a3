import { type Clock, type Logger, systemClock } from '@askwire/runtime'
import {
  type AuditKeys,
  deleteEnded,
  dropOldActivities,
  makeActivityPartitions,
  type Store,
  sealActivities,
  withLease,
} from '@askwire/store'
import type { GatewayEvents } from '../events.ts'

const ROUND_MS = 2000
/** Partitions and retention are looked at this often, and when the process starts. */
const TIDY_MS = 3_600_000
const LEASE = { name: 'audit', leaseMs: 10_000 }

export type RecordKeeperDeps = {
  store: Store
  logger: Logger
  events: GatewayEvents
  auditKeys: AuditKeys
  retentionDays: number
}

/**
 * Seals what has been recorded into the tenants' chains, every two seconds on one replica at a time, makes the months' partitions ahead,
 * drops those past retention, and deletes logins and links that have long been over.
 */
export function startRecordKeeper(deps: RecordKeeperDeps, clock: Clock = systemClock): { close(): Promise<void> } {
  const controller = new AbortController()
  let tidyAt = 0
  let broken = ''
  const round = async (): Promise<void> => {
    await withLease(deps.store, LEASE, async (lost) => {
      const now = clock.now()
      if (now >= tidyAt) {
        await tidy(deps)
        tidyAt = now + TIDY_MS
      }
      const { sealed, refused } = await sealActivities(
        deps.store,
        deps.auditKeys,
        AbortSignal.any([controller.signal, lost]),
      )
      deps.events.activitiesSealed(sealed)
      if (refused.join() === broken) return
      broken = refused.join()
      deps.events.chainsBroken(refused)
    })
  }
  const rounds = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      await round().catch((error: unknown) => deps.logger.warn({ err: error }, 'the record could not be sealed'))
      await clock.sleep(ROUND_MS, controller.signal).catch(() => {})
    }
  }
  const over = rounds()
  return {
    close: async () => {
      controller.abort()
      await over
    },
  }
}

/** What cannot be done now, because somebody is in the way, is done at the next time; nothing is lost meanwhile. */
async function tidy({ store, logger, events, auditKeys, retentionDays }: RecordKeeperDeps): Promise<void> {
  try {
    await makeActivityPartitions(store)
    events.activitiesDropped(await dropOldActivities(store, auditKeys, { days: retentionDays }))
  } catch (error) {
    logger.warn({ err: error }, 'the months of the record could not be tidied')
  }
  try {
    const deleted = await deleteEnded(store)
    if (deleted > 0) logger.info({ deleted }, 'logins, reset links and enrolments long over were deleted')
  } catch (error) {
    logger.warn({ err: error }, 'what is long over could not be deleted')
  }
}
