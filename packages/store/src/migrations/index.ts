import type { Migration } from 'kysely/migration'
import * as core from './0001-core.ts'
import * as knowledge from './0002-knowledge.ts'
import * as deadLetters from './0003-dead-letters.ts'
import * as people from './0004-people.ts'
import * as rowPolicies from './0005-row-policies.ts'
import * as sessions from './0006-sessions.ts'
import * as keptReplies from './0007-kept-replies.ts'
import * as importedRuns from './0008-imported-runs.ts'

/** Every migration, by the name recorded in the database. Append only: a released one never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-core': core,
  '0002-knowledge': knowledge,
  '0003-dead-letters': deadLetters,
  '0004-people': people,
  '0005-row-policies': rowPolicies,
  '0006-sessions': sessions,
  '0007-kept-replies': keptReplies,
  '0008-imported-runs': importedRuns,
}
