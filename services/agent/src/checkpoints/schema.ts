import type { Store } from '@askwire/store'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'

/** LangGraph's tables live in a schema of their own: their shape is the library's. */
export const CHECKPOINT_SCHEMA = 'langgraph'

const MAX_TRIES = 20

/**
 * Creates or updates LangGraph's checkpoint tables. Any number of processes may call it at once: the library's steps are
 * idempotent but race, and a process that loses one starts over from the version it now finds.
 */
export async function migrateCheckpoints(store: Pick<Store, 'pool'>): Promise<void> {
  const saver = new PostgresSaver(store.pool, undefined, { schema: CHECKPOINT_SCHEMA })
  for (let attempt = 1; ; attempt += 1) {
    try {
      await saver.setup()
      return
    } catch (error) {
      if (attempt === MAX_TRIES || !isLostRace(error)) throw error
    }
  }
}

/** Unique violation, duplicate schema, table or object, "tuple concurrently updated", deadlock. */
const LOST_RACE = new Set(['23505', '42P06', '42P07', '42710', 'XX000', '40P01'])

function isLostRace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && LOST_RACE.has(error.code)
}
