import {
  type Actor,
  AppError,
  LANGUAGES,
  type MeView,
  type Scope,
  THEMES,
  type UpdateMeRequest,
} from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { storableText } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/** A person as the database knows them; permissions and the trial are the gateway's to add. */
export type Me = Omit<MeView, 'permissions' | 'trial'>

/** Who I am. Not as the role of the row policies, which may not even see whether there is a password. */
export async function getMe(store: Store, scope: Scope): Promise<Me> {
  return await readMe(store.db, scope)
}

/** Changes what a person may change of themselves, and records what was changed. */
export async function updateMe(store: Store, actor: Actor, changes: UpdateMeRequest): Promise<Me> {
  await withScope(store, actor, async (db) => {
    const before = await db
      .selectFrom('users')
      .select(['name', 'language', 'theme'])
      .where('tenantId', '=', actor.tenantId)
      .where('id', '=', actor.userId)
      .forUpdate()
      .executeTakeFirst()
    if (!before) throw new AppError('not_found', 'There is no such person.')
    const set = {
      ...(changes.name !== undefined && { name: storableText(changes.name) }),
      ...(changes.language !== undefined && { language: changes.language }),
      ...(changes.theme !== undefined && { theme: changes.theme }),
    }
    const after = { ...before, ...set }
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      await db
        .updateTable('users')
        .set(set)
        .where('tenantId', '=', actor.tenantId)
        .where('id', '=', actor.userId)
        .execute()
      await recordActivity(db, actor, {
        action: 'account.update',
        targetType: 'user',
        targetId: actor.userId,
        before: withoutName(before),
        after: { ...withoutName(after), ...(after.name !== before.name && { name: 'changed' }) },
      })
    }
  })
  return await getMe(store, actor)
}

/** What somebody is called is not recorded: the record outlives the person's account. */
const withoutName = ({ language, theme }: { language: string; theme: string }) => ({ language, theme })

async function readMe(db: Queryable, scope: Scope): Promise<Me> {
  const row = await db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenantId')
    .innerJoin('roles', (join) =>
      join.onRef('roles.tenantId', '=', 'users.tenantId').onRef('roles.id', '=', 'users.roleId'),
    )
    .select([
      'users.id',
      'users.tenantId',
      'users.email',
      'users.name',
      'users.language',
      'users.theme',
      'users.roleId',
    ])
    .select(['users.owner', 'users.totpEnabledAt', 'users.passwordHash', 'users.createdAt'])
    .select(['tenants.name as tenantName', 'roles.name as roleName'])
    .select((eb) => [
      eb
        .selectFrom('backupCodes')
        .select(eb.fn.countAll<string>().as('count'))
        .whereRef('backupCodes.userId', '=', 'users.id')
        .where('usedAt', 'is', null)
        .as('backupCodesLeft'),
      eb.exists(eb.selectFrom('oidcIdentities').whereRef('oidcIdentities.userId', '=', 'users.id')).as('oidcLinked'),
    ])
    .where('users.tenantId', '=', scope.tenantId)
    .where('users.id', '=', scope.userId)
    .executeTakeFirst()
  if (!row) throw new AppError('not_found', 'There is no such person.')
  return {
    id: row.id,
    tenantId: row.tenantId,
    tenantName: row.tenantName,
    email: row.email,
    name: row.name,
    language: LANGUAGES.find((language) => language === row.language) ?? 'en',
    theme: THEMES.find((theme) => theme === row.theme) ?? 'system',
    role: { id: row.roleId, name: row.roleName },
    owner: row.owner,
    mfaEnabled: row.totpEnabledAt !== null,
    backupCodesLeft: Number(row.backupCodesLeft ?? 0),
    hasPassword: row.passwordHash !== null,
    oidcLinked: Boolean(row.oidcLinked),
    createdAt: row.createdAt.toISOString(),
  }
}
