import { TRASH_DAYS } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'

/** Whether a session, named `s`, is in the trash as its owner knows it: to be listed and restored. Not one whose time is over, nor one that is being erased. */
export const restorable: RawBuilder<boolean> = sql`(
  s.deleted_at > now() - make_interval(days => ${TRASH_DAYS}) and not s.temporary
  and not exists (select from jobs j where j.tenant_id = s.tenant_id and j.user_id = s.user_id and j.kind = 'erase'
    and j.finished_at is null and j.input->>'sessionId' = s.id::text))`
