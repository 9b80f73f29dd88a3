import { AppError, type BuiltInRole, newId, type RequestFacts, type Scope } from '@askwire/contracts'
import { type Selectable, sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { BUILT_IN_OWNER } from '../built-in-owner.ts'
import { violatedUnique } from '../database-errors.ts'
import { findRole } from '../people/find-role.ts'
import { holdsRole, readHoldings } from '../people/holdings.ts'
import type { InvitationsTable } from '../people-tables.ts'
import { clock, storableText } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { hasAccounts } from './find-account.ts'
import { insertLogin, type NewLogin } from './insert-login.ts'

/** Somebody who wants an account. `passwordHash` is null for those who sign in by a provider. */
export type Registration = {
  email: string
  name: string
  passwordHash: string | null
  invitationHash?: Buffer | undefined
  /** Who may come without an invitation, once there is an account. `operator`: by a command, as an admin. */
  mode: 'open' | 'invite' | 'closed' | 'operator'
  /** Owns the installation, which the first account does anyway. For operators alone. */
  owner?: boolean
}

export type Registered = { scope: Scope; loginId: string | null; first: boolean }

/**
 * Makes an account, and its first login when one is given, in one transaction. The first of the installation claims the built-in owner
 * with all its data. Throws `conflict` (the address has an account), `forbidden` (registration is closed, or the invitation is for another
 * address), `not_found` and `gone` (the invitation).
 */
export async function registerAccount(
  store: Store,
  registration: Registration,
  facts: RequestFacts,
  login?: NewLogin,
): Promise<Registered> {
  return await store.db
    .transaction()
    .execute((trx) => insertAccount(trx, registration, facts, login))
    .catch((error: unknown) => {
      if (violatedUnique(error) !== 'users_one_email') throw error
      throw new AppError('conflict', 'There is an account with this address already.')
    })
}

/** `registerAccount` inside the caller's transaction, for those who store more with it. Lets the violation of `users_one_email` through. */
export async function insertAccount(
  trx: Queryable,
  registration: Registration,
  facts: RequestFacts,
  login?: NewLogin,
): Promise<Registered> {
  const invitation =
    registration.invitationHash && (await takeInvitation(trx, registration, registration.invitationHash))
  const first = !invitation && (await isFirst(trx))
  const scope = first ? await claimOwner(trx, registration) : await insertUser(trx, registration, invitation)
  const actor = { ...scope, ...facts }
  await recordActivity(trx, actor, {
    action: first ? 'account.claim' : 'account.register',
    targetType: 'user',
    targetId: scope.userId,
  })
  if (invitation) {
    await trx
      .updateTable('invitations')
      .set({ acceptedAt: clock, acceptedBy: scope.userId })
      .where('id', '=', invitation.id)
      .execute()
    await recordActivity(trx, actor, {
      action: 'invitation.accept',
      targetType: 'invitation',
      targetId: invitation.id,
    })
  }
  return { scope, first, loginId: login ? await insertLogin(trx, scope, login) : null }
}

/** Only the first is made one at a time: whoever has waited for the lock sees that there is an account now. */
async function isFirst(trx: Queryable): Promise<boolean> {
  if (await hasAccounts(trx)) return false
  await sql`select pg_advisory_xact_lock(hashtextextended('first account', 0))`.execute(trx)
  return !(await hasAccounts(trx))
}

async function claimOwner(trx: Queryable, { email, name, passwordHash }: Registration): Promise<Scope> {
  const row = await trx
    .updateTable('users')
    .set({
      email,
      name: storableText(name),
      passwordHash,
      owner: true,
      registeredAt: clock,
      roleId: builtInRole(BUILT_IN_OWNER.tenantId, 'admin'),
    })
    .where('id', '=', BUILT_IN_OWNER.userId)
    .where('registeredAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new Error('the built-in owner is missing')
  return BUILT_IN_OWNER
}

async function insertUser(
  trx: Queryable,
  { email, name, passwordHash, mode, owner }: Registration,
  invitation: Selectable<InvitationsTable> | undefined,
): Promise<Scope> {
  if (!invitation && (mode === 'invite' || mode === 'closed'))
    throw new AppError('forbidden', 'New accounts are by invitation only.')
  const scope = { tenantId: invitation?.tenantId ?? BUILT_IN_OWNER.tenantId, userId: newId() }
  await trx
    .insertInto('users')
    .values({
      id: scope.userId,
      tenantId: scope.tenantId,
      email,
      name: storableText(name),
      passwordHash,
      registeredAt: clock,
      owner: mode === 'operator' && owner === true,
      roleId: invitation?.roleId ?? builtInRole(scope.tenantId, mode === 'operator' ? 'admin' : 'user'),
    })
    .execute()
  return scope
}

function builtInRole(tenantId: string, kind: BuiltInRole) {
  return sql<string>`(select id from roles where tenant_id = ${tenantId} and built_in = ${kind})`
}

/** The invitation, locked until the commit: of those who come with it at once, one finds it open. */
async function takeInvitation(trx: Queryable, { email }: Registration, hash: Buffer) {
  const invitation = await trx
    .selectFrom('invitations')
    .innerJoin('tenants', 'tenants.id', 'invitations.tenantId')
    .selectAll('invitations')
    .select([
      'tenants.disabledAt as tenantDisabledAt',
      sql<boolean>`invitations.expires_at <= clock_timestamp()`.as('expired'),
    ])
    .where('hash', '=', hash)
    .forUpdate('invitations')
    .executeTakeFirst()
  if (!invitation) throw new AppError('not_found', 'There is no such invitation.')
  const { acceptedAt, revokedAt, expired, tenantDisabledAt } = invitation
  if (acceptedAt !== null || revokedAt !== null || expired || tenantDisabledAt !== null)
    throw new AppError('gone', 'This invitation is not open any more.')
  if (!(await standsBehind(trx, invitation))) throw new AppError('gone', 'This invitation is not open any more.')
  if (invitation.email !== null && invitation.email !== email)
    throw new AppError('forbidden', 'This invitation is for another address.')
  return invitation
}

/** Whoever is barred, or does not hold any more what the role does, would otherwise come back by an invitation made in time. */
async function standsBehind(
  trx: Queryable,
  { invitedBy, tenantId, roleId }: Pick<Selectable<InvitationsTable>, 'invitedBy' | 'tenantId' | 'roleId'>,
): Promise<boolean> {
  if (invitedBy === null) return true
  const inviter = await trx.selectFrom('users').select('tenantId').where('id', '=', invitedBy).executeTakeFirst()
  const holder = inviter && (await readHoldings(trx, { tenantId: inviter.tenantId, userId: invitedBy }))
  if (!holder || holder.disabled || !holder.permissions.has('invitations.manage')) return false
  return holdsRole(holder, await findRole(trx, tenantId, roleId))
}
