import { type Actor, AppError, type MemberView, type Scope } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { lockSession, requireSession, sessionNotFound } from '../sessions.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/** People a session may be open to beside its owner. */
export const MAX_MEMBERS = 100

/** Whom to open a session to: by id, or by the mail address they sign in with. */
export type NewMember = { userId?: string | undefined; email?: string | undefined; access: 'view' | 'edit' }

/** Who else may see or continue one's own session, the first first. Throws `not_found`. */
export async function listMembers(store: Store, owner: Scope, sessionId: string): Promise<MemberView[]> {
  await requireSession(store, owner, sessionId)
  // Names of other people are not in the owner's reach.
  return await store.db
    .selectFrom('sessionMembers as m')
    .innerJoin('users as u', (join) => join.onRef('u.id', '=', 'm.memberId').onRef('u.tenantId', '=', 'm.tenantId'))
    .select(['m.memberId as userId', 'u.name', 'm.access'])
    .where('m.sessionId', '=', sessionId)
    .where('m.tenantId', '=', owner.tenantId)
    .where('m.userId', '=', owner.userId)
    .orderBy('m.createdAt')
    .orderBy('m.memberId')
    .execute()
}

/** Opens one's own session to somebody of the tenant, or changes what they may. Throws `not_found` (session, person), `conflict` (too many). */
export async function addMember(store: Store, by: Actor, sessionId: string, added: NewMember): Promise<MemberView> {
  await requireSession(store, by, sessionId)
  const person = await findColleague(store, by, added)
  const { access } = added
  await withScope(store, by, async (db) => {
    await lockSession(db, by, sessionId)
    const members = await db
      .selectFrom('sessionMembers')
      .select(['memberId', 'access'])
      .where('sessionId', '=', sessionId)
      .execute()
    const before = members.find(({ memberId }) => memberId === person.id)
    if (!before && members.length >= MAX_MEMBERS)
      throw new AppError('conflict', `A session can be open to ${MAX_MEMBERS} people.`)
    await db
      .insertInto('sessionMembers')
      .values({ sessionId, tenantId: by.tenantId, userId: by.userId, memberId: person.id, access })
      .onConflict((conflict) => conflict.columns(['sessionId', 'memberId']).doUpdateSet({ access }))
      .execute()
    await recordActivity(db, by, {
      action: 'session.member_add',
      targetType: 'session',
      targetId: sessionId,
      ...(before && { before: { memberId: person.id, access: before.access } }),
      after: { memberId: person.id, access },
    })
  })
  return { userId: person.id, name: person.name, access }
}

/** Closes one's own session to a member. Throws `not_found` (session, member). */
export async function removeMember(store: Store, by: Actor, sessionId: string, memberId: string): Promise<void> {
  await withScope(store, by, async (db) => {
    await lockSession(db, by, sessionId)
    const removed = await db
      .deleteFrom('sessionMembers')
      .where('sessionId', '=', sessionId)
      .where('tenantId', '=', by.tenantId)
      .where('userId', '=', by.userId)
      .where('memberId', '=', memberId)
      .returning('access')
      .executeTakeFirst()
    if (!removed) throw memberNotFound()
    await recordActivity(db, by, {
      action: 'session.member_remove',
      targetType: 'session',
      targetId: sessionId,
      before: { memberId, access: removed.access },
    })
  })
}

/**
 * Takes somebody out of a colleague's session by themselves, and answers whose it is. Throws `not_found` to everybody else: to its owner
 * too, who cannot leave it.
 */
export async function leaveSession(store: Store, by: Actor, sessionId: string): Promise<Scope> {
  // The row belongs to the owner, and is not in the member's reach.
  return await store.db.transaction().execute(async (trx) => {
    const left = await trx
      .deleteFrom('sessionMembers as m')
      .using('sessions as s')
      .whereRef('s.id', '=', 'm.sessionId')
      .where('s.deletedAt', 'is', null)
      .where('m.sessionId', '=', sessionId)
      .where('m.tenantId', '=', by.tenantId)
      .where('m.memberId', '=', by.userId)
      .returning(['m.tenantId', 'm.userId', 'm.access'])
      .executeTakeFirst()
    if (!left) throw sessionNotFound()
    const { tenantId, userId, access } = left
    await recordActivity(trx, by, {
      action: 'session.leave',
      targetType: 'session',
      targetId: sessionId,
      before: { memberId: by.userId, access },
    })
    return { tenantId, userId }
  })
}

/** Everyone these sessions are open to beside their owners. Takes ids, not a scope. */
export async function listMemberIds(store: Store, sessionIds: readonly string[]): Promise<Scope[]> {
  if (sessionIds.length === 0) return []
  return await store.db
    .selectFrom('sessionMembers')
    .select(['tenantId', 'memberId as userId'])
    .distinct()
    .where('sessionId', 'in', [...sessionIds])
    .execute()
}

/** A person of the tenant who can sign in, and is not the owner. */
async function findColleague(store: Store, by: Actor, { userId, email }: NewMember) {
  const people = store.db
    .selectFrom('users')
    .select(['id', 'name'])
    .where('tenantId', '=', by.tenantId)
    .where('id', '<>', by.userId)
    .where('registeredAt', 'is not', null)
    .where('disabledAt', 'is', null)
  const person =
    userId !== undefined
      ? await people.where('id', '=', userId).executeTakeFirst()
      : await people.where('email', '=', email ?? '').executeTakeFirst()
  if (!person) throw memberNotFound()
  return person
}

const memberNotFound = (): AppError => new AppError('not_found', 'There is no such person in your team.')
