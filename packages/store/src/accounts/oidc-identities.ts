import { type Actor, AppError, type RequestFacts, type Scope } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { violatedUnique } from '../database-errors.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { type CheckedPerson, confirmChecked } from './factors.ts'
import { insertLogin, type NewLogin } from './insert-login.ts'
import { setPassword } from './passwords.ts'
import { insertAccount, type Registered, type Registration } from './register-account.ts'

/** A person as a sign-in provider names them. */
export type LinkedIdentity = { issuer: string; subject: string }

/**
 * Begins a login of the account this identity is linked to. Undefined when there is none; `disabled` when the person or the tenant may
 * not sign in, with whom it is about.
 */
export async function startLinkedLogin(
  store: Store,
  identity: LinkedIdentity,
  login: NewLogin,
): Promise<{ scope: Scope; loginId: string | null } | undefined> {
  return await store.db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('oidcIdentities')
      .innerJoin('users', 'users.id', 'oidcIdentities.userId')
      .innerJoin('tenants', 'tenants.id', 'users.tenantId')
      .select(['users.id', 'users.tenantId', 'users.disabledAt', 'tenants.disabledAt as tenantDisabledAt'])
      .where('issuer', '=', identity.issuer)
      .where('subject', '=', identity.subject)
      .where('users.registeredAt', 'is not', null)
      .forUpdate('users')
      .executeTakeFirst()
    if (!row) return undefined
    const scope = { tenantId: row.tenantId, userId: row.id }
    const disabled = row.disabledAt !== null || row.tenantDisabledAt !== null
    return { scope, loginId: disabled ? null : await insertLogin(trx, scope, login) }
  })
}

/** Makes an account with this identity linked to it, and its first login. Throws as `registerAccount` does. */
export async function registerLinked(
  store: Store,
  registration: Registration,
  identity: LinkedIdentity,
  facts: RequestFacts,
  login: NewLogin,
): Promise<Registered> {
  return await store.db
    .transaction()
    .execute(async (trx) => {
      const registered = await insertAccount(trx, registration, facts, login)
      await insertIdentity(trx, { ...registered.scope, ...facts }, identity)
      return registered
    })
    .catch(toConflict)
}

/**
 * Links the identity to the account that has its address, and begins a login. Every earlier way into the account ends: nobody has shown
 * yet that the address was theirs. Undefined when the account has changed, is disabled, or has a second factor: that one is asked for by
 * signing in.
 */
export async function linkByEmail(
  store: Store,
  scope: Scope,
  email: string,
  identity: LinkedIdentity,
  login: NewLogin,
): Promise<string | undefined> {
  return await store.db
    .transaction()
    .execute(async (trx) => {
      const row = await trx
        .selectFrom('users')
        .innerJoin('tenants', 'tenants.id', 'users.tenantId')
        .select('users.id')
        .where('users.tenantId', '=', scope.tenantId)
        .where('users.id', '=', scope.userId)
        .where('users.email', '=', email)
        .where('users.registeredAt', 'is not', null)
        .where('users.disabledAt', 'is', null)
        .where('users.totpEnabledAt', 'is', null)
        .where('tenants.disabledAt', 'is', null)
        .forUpdate('users')
        .executeTakeFirst()
      if (!row) return undefined
      await insertIdentity(trx, { ...scope, ...login.facts }, identity, await endEveryWayIn(trx, scope))
      return await insertLogin(trx, scope, login)
    })
    .catch(toConflict)
}

/** Links the identity to a person whose login is still in force; throws `unauthenticated` when it is not, `conflict` when either is linked. */
export async function linkIdentity(
  store: Store,
  actor: Actor,
  loginId: string,
  identity: LinkedIdentity,
): Promise<void> {
  await store.db
    .transaction()
    .execute(async (db) => {
      const login = await db
        .selectFrom('logins')
        .innerJoin('users', 'users.id', 'logins.userId')
        .select('logins.id')
        .where('logins.tenantId', '=', actor.tenantId)
        .where('logins.userId', '=', actor.userId)
        .where('logins.id', '=', loginId)
        .where('logins.endedAt', 'is', null)
        .where('logins.expiresAt', '>', clock)
        .where('users.disabledAt', 'is', null)
        .executeTakeFirst()
      if (!login) throw new AppError('unauthenticated', 'You are not signed in any more.')
      await insertIdentity(db, actor, identity)
    })
    .catch(toConflict)
}

/**
 * Unlinks the provider of a person who was found to be there; false: see `startLogin`. Throws `not_found` when there is nothing to unlink, `conflict` when
 * there is no password to sign in with; both use no factor up.
 */
export async function unlinkIdentity(store: Store, actor: Actor, checked: CheckedPerson): Promise<boolean> {
  // Passwords are closed to the role of a scope.
  return await store.db.transaction().execute(async (db) => {
    if (!(await confirmChecked(db, actor, checked))) return false
    const user = await db
      .selectFrom('users')
      .select('passwordHash')
      .where('tenantId', '=', actor.tenantId)
      .where('id', '=', actor.userId)
      .forUpdate()
      .executeTakeFirst()
    const gone = await db
      .deleteFrom('oidcIdentities')
      .where('tenantId', '=', actor.tenantId)
      .where('userId', '=', actor.userId)
      .returning(['issuer'])
      .execute()
    if (gone.length === 0) throw new AppError('not_found', 'No sign-in provider is linked.')
    // Thrown after the delete, which it undoes: who has nothing linked hears that, whatever else they lack.
    if (!user?.passwordHash)
      throw new AppError('conflict', 'Set a password first: it is the only other way to sign in.')
    await recordActivity(db, actor, {
      action: 'account.oidc_unlink',
      targetType: 'user',
      targetId: actor.userId,
      before: { issuers: gone.map(({ issuer }) => issuer) },
    })
    return true
  })
}

/** Uses up what was found right of a person who wants to link; false: see `startLogin`. */
export async function confirmPerson(store: Store, scope: Scope, checked: CheckedPerson): Promise<boolean> {
  return await store.db.transaction().execute(async (trx) => await confirmChecked(trx, scope, checked))
}

/** Password, open reset links, logins and API tokens; tells what there was, for the record. */
async function endEveryWayIn(trx: Queryable, scope: Scope): Promise<Record<string, unknown>> {
  const endedLogins = await setPassword(trx, scope, null, null)
  const { numDeletedRows } = await trx
    .deleteFrom('apiTokens')
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .executeTakeFirst()
  return { hasPassword: false, endedLogins, deletedTokens: Number(numDeletedRows) }
}

async function insertIdentity(
  db: Queryable,
  actor: Actor,
  { issuer, subject }: LinkedIdentity,
  more: Record<string, unknown> = {},
): Promise<void> {
  await db
    .insertInto('oidcIdentities')
    .values({ issuer, subject, tenantId: actor.tenantId, userId: actor.userId })
    .execute()
  await recordActivity(db, actor, {
    action: 'account.oidc_link',
    targetType: 'user',
    targetId: actor.userId,
    after: { issuer, ...more },
  })
}

const CONFLICTS: Record<string, string> = {
  users_one_email: 'There is an account with this address already.',
  oidc_identities_pkey: 'This identity is linked to an account already.',
  oidc_identities_one_per_issuer: 'The account is linked to another identity of this provider.',
}

function toConflict(error: unknown): never {
  const message = CONFLICTS[violatedUnique(error) ?? '']
  if (message === undefined) throw error
  throw new AppError('conflict', message)
}
