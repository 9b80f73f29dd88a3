import { migrate, type Store } from '@askwire/store'
import { migrateCheckpoints } from './checkpoints/schema.ts'

/** Brings all tables to the newest schema, those of LangGraph's checkpoints included. Any number of processes may call it at once. */
export async function migrateAgent(store: Store): Promise<void> {
  await migrate(store)
  await migrateCheckpoints(store)
}
