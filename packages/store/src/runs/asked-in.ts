import { clock } from '../sql.ts'

/** What being asked in does to a session: it is the newest, out of the archive, and shows the branch of the newest question. `accept-at-once.ts` says the same by hand. */
export const askedIn = (ordinal: number | null) => ({
  updatedAt: clock,
  activeLeafId: null,
  archivedAt: null,
  ...(ordinal !== null && { lastOrdinal: ordinal }),
})
