import { AppError, type Scope, type SessionView } from '@askwire/contracts'
import { sql } from 'kysely'
import { runNotFound } from '../runs/run-row.ts'
import { sessionNotFound } from '../sessions.ts'
import type { Store } from '../store.ts'

/** `own`: only its owner may; `edit`: ask in it, change and stop what is asked; `view`: read and follow it. */
export type Need = 'view' | 'edit' | 'own'
export type Access = SessionView['access']

/** A session somebody wants to open. */
export type Wanted = Scope & { sessionId: string }
export type Opened = Wanted & { ownerId: string; access: Access }

/** What each access is good for. */
const GOOD_FOR: Record<Access, readonly Need[]> = {
  owner: ['view', 'edit', 'own'],
  edit: ['view', 'edit'],
  view: ['view'],
}

/** True when the access is enough. */
export const allows = (access: Access, need: Need): boolean => GOOD_FOR[access].includes(need)

/**
 * Whether somebody may do that with a session: its owner, or a member of it of the same tenant. Answers in whose scope it is to be done: the
 * owner's. Throws `not_found`, whether it is there or not, also for one in the trash, and for that of somebody who is barred or being erased: nothing
 * is asked in their name.
 */
export async function openSession(store: Store, caller: Scope, sessionId: string, need: Need): Promise<Scope> {
  const { tenantId, ownerId } = await openWithAccess(store, caller, sessionId, need)
  return { tenantId, userId: ownerId }
}

/** The same, with what access it is. */
export async function openWithAccess(store: Store, caller: Scope, sessionId: string, need: Need): Promise<Opened> {
  const [opened] = await listOpened(store, [{ ...caller, sessionId }])
  if (!opened || !allows(opened.access, need)) throw sessionNotFound()
  return opened
}

/** The same for the session of a run. Throws `not_found` for a run of which the caller may not see the session. */
export async function openSessionOfRun(store: Store, caller: Scope, runId: string, need: Need): Promise<Scope> {
  const run = await store.db.selectFrom('runs').select('sessionId').where('id', '=', runId).executeTakeFirst()
  if (!run) throw runNotFound()
  return await openSession(store, caller, run.sessionId, need).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'not_found' ? runNotFound() : error
  })
}

/** Those of these that may be opened, in one statement. Reads beyond the caller's own rows, so it says nothing but who may what. */
export async function listOpened(store: Store, wanted: readonly Wanted[]): Promise<Opened[]> {
  if (wanted.length === 0) return []
  const { rows } = await sql<Opened>`
    select w.tenant_id, w.user_id, w.session_id, s.user_id as owner_id,
      case when s.user_id = w.user_id then 'owner' else m.access end as access
    from unnest(${wanted.map((one) => one.tenantId)}::uuid[], ${wanted.map((one) => one.userId)}::uuid[],
      ${wanted.map((one) => one.sessionId)}::uuid[]) as w (tenant_id, user_id, session_id)
    join sessions s on s.id = w.session_id and s.tenant_id = w.tenant_id and s.deleted_at is null
    join users o on o.id = s.user_id and o.disabled_at is null
    left join session_members m
      on m.session_id = s.id and m.tenant_id = s.tenant_id and m.user_id = s.user_id and m.member_id = w.user_id
    where s.user_id = w.user_id or m.access is not null`.execute(store.db)
  return rows
}
