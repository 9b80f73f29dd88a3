import { type Kysely, sql } from 'kysely'

/** How the run behind a message ended, where the run itself stayed in another installation or was erased: kept with what is imported. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add column imported_run jsonb`.execute(db)
}
