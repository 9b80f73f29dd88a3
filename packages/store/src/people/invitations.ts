import { type Administrator, AppError, type InvitationView, newId, type Page, type Reach } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import { clock, clockPlus } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { beginChange } from './begin-change.ts'
import { findRole } from './find-role.ts'
import { requireHeld } from './holdings.ts'
import { reached, tenantWithin } from './reached.ts'

const DAY_MS = 86_400_000

export type NewInvitation = {
  /** SHA-256 of the link's secret, which is kept nowhere. */
  hash: Buffer
  email?: string | undefined
  /** Default: the tenant's `user`. */
  roleId?: string | undefined
  /** Default: one's own. */
  tenantId?: string | undefined
  expiresInDays: number
}

/** Invites somebody. Throws `not_found` for a tenant beyond reach or a role of another tenant, `forbidden` for a role above. */
export async function createInvitation(
  store: Store,
  by: Administrator,
  invitation: NewInvitation,
): Promise<InvitationView> {
  const tenantId = tenantWithin(by, invitation.tenantId)
  return await withScope(store, by, async (db) => {
    const holder = await beginChange(db, by, tenantId, 'invitations.manage')
    const role = await findRole(db, tenantId, invitation.roleId ?? 'user')
    requireHeld(holder, role)
    const { hash, email = null, expiresInDays } = invitation
    const id = newId()
    const expiresAt = clockPlus(expiresInDays * DAY_MS)
    await db
      .insertInto('invitations')
      .values({ id, tenantId, hash, email, roleId: role.id, invitedBy: by.userId, expiresAt })
      .execute()
    const made = await readInvitation(db, by, id)
    await recordActivity(
      db,
      { ...by, tenantId },
      {
        action: 'invitation.create',
        targetType: 'invitation',
        targetId: id,
        after: { roleId: role.id, role: role.name, expiresAt: made.expiresAt },
      },
    )
    return made
  })
}

/** A page of a tenant's invitations, newest first, those that are over too. Throws `not_found` for a tenant beyond reach. */
export async function listInvitations(
  store: Store,
  reach: Reach,
  page: PageRequest & { tenantId?: string | undefined },
): Promise<Page<InvitationView>> {
  const newest = newestFirst(page, { time: 'invitations.createdAt', id: 'invitations.id' })
  const tenantId = tenantWithin(reach, page.tenantId)
  const rows = await withScope(
    store,
    reach,
    async (db) =>
      await selectInvitations(db)
        .select(newest.micros)
        .where('invitations.tenantId', '=', tenantId)
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, toInvitationView)
}

/** Takes an invitation back; again changes nothing. Throws `not_found`, and `conflict` for one that has been accepted. */
export async function revokeInvitation(store: Store, by: Administrator, invitationId: string): Promise<void> {
  await withScope(store, by, async (db) => {
    const { tenantId } = await readInvitation(db, by, invitationId)
    await beginChange(db, by, tenantId, 'invitations.manage')
    const { numUpdatedRows } = await db
      .updateTable('invitations')
      .set({ revokedAt: clock })
      .where('id', '=', invitationId)
      .where('tenantId', '=', tenantId)
      .where('acceptedAt', 'is', null)
      .where('revokedAt', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) {
      const activity = { action: 'invitation.revoke', targetType: 'invitation', targetId: invitationId } as const
      return await recordActivity(db, { ...by, tenantId }, activity)
    }
    if ((await readInvitation(db, by, invitationId)).acceptedAt !== null)
      throw new AppError('conflict', 'The invitation has been accepted.')
  })
}

async function readInvitation(db: Queryable, reach: Reach, invitationId: string): Promise<InvitationView> {
  const row = await selectInvitations(db)
    .where('invitations.id', '=', invitationId)
    .where(reached(reach, 'invitations.tenantId'))
    .executeTakeFirst()
  if (!row) throw new AppError('not_found', 'There is no such invitation.')
  return toInvitationView(row)
}

function selectInvitations(db: Queryable) {
  return db
    .selectFrom('invitations')
    .innerJoin('roles', (join) =>
      join.onRef('roles.tenantId', '=', 'invitations.tenantId').onRef('roles.id', '=', 'invitations.roleId'),
    )
    .select([
      'invitations.id',
      'invitations.tenantId',
      'invitations.email',
      'invitations.roleId',
      'invitations.invitedBy',
      'invitations.createdAt',
      'invitations.expiresAt',
      'invitations.acceptedAt',
      'invitations.revokedAt',
      'roles.name as roleName',
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectInvitations>['executeTakeFirstOrThrow']>>

function toInvitationView({ id, tenantId, email, roleId, roleName, invitedBy, ...times }: Row): InvitationView {
  return {
    id,
    tenantId,
    email,
    role: { id: roleId, name: roleName },
    invitedBy,
    createdAt: times.createdAt.toISOString(),
    expiresAt: times.expiresAt.toISOString(),
    acceptedAt: times.acceptedAt?.toISOString() ?? null,
    revokedAt: times.revokedAt?.toISOString() ?? null,
  }
}
