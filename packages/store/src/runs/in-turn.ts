import { sql } from 'kysely'

/**
 * The order in which the unsettled runs of a session have their turns: first the one that has it, then those that wait, in the places
 * chosen for them or else as they were accepted.
 */
export const IN_TURN = sql`ordinal nulls last, coalesce(place, seq)`
