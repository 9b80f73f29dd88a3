import type { Queryable, Store } from '../store.ts'

/** What signing in has to know of an account. Secrets are in it: it never leaves the use case that asked for it. */
export type Account = {
  userId: string
  tenantId: string
  email: string
  name: string
  passwordHash: string | null
  /** Sealed; null while there is no second factor in force. */
  totpSecret: Buffer | null
  /** The person or the tenant is disabled. */
  disabled: boolean
}

/** The account of a mail address (lower-cased), wherever in the installation it is. */
export async function findAccount(store: Store, email: string): Promise<Account | undefined> {
  return await selectAccounts(store.db).where('users.email', '=', email).executeTakeFirst().then(toAccount)
}

/** The account of a user who is signed in; undefined for the trial, which has none. */
export async function findAccountById(
  store: Store,
  scope: { tenantId: string; userId: string },
): Promise<Account | undefined> {
  return await selectAccounts(store.db)
    .where('users.tenantId', '=', scope.tenantId)
    .where('users.id', '=', scope.userId)
    .executeTakeFirst()
    .then(toAccount)
}

/** True once anybody has registered: the trial is over and the owner is known. */
export async function hasAccounts(db: Queryable): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('registeredAt', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function selectAccounts(db: Queryable) {
  return db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenantId')
    .select(['users.id', 'users.tenantId', 'users.email', 'users.name', 'users.passwordHash', 'users.totpSecret'])
    .select(['users.totpEnabledAt', 'users.disabledAt', 'tenants.disabledAt as tenantDisabledAt'])
    .where('users.registeredAt', 'is not', null)
}

type AccountRow = Awaited<ReturnType<ReturnType<typeof selectAccounts>['executeTakeFirst']>>

function toAccount(row: AccountRow): Account | undefined {
  if (!row || row.email === null) return undefined
  const { id, tenantId, email, name, passwordHash, totpSecret, totpEnabledAt } = row
  return {
    userId: id,
    tenantId,
    email,
    name,
    passwordHash,
    totpSecret: totpEnabledAt === null ? null : totpSecret,
    disabled: row.disabledAt !== null || row.tenantDisabledAt !== null,
  }
}
