import { AppError, newId, type Scope } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { CollectionsTable } from './knowledge-tables.ts'
import type { Store } from './store.ts'
import { asScope } from './with-scope.ts'

export type CollectionRow = Selectable<CollectionsTable>

/** The caller's collection of this name, made when there is none. Safe when several processes ask at once. */
export async function ensureCollection(store: Store, scope: Scope, name: string): Promise<CollectionRow> {
  await asScope(store, scope)
    .insertInto('collections')
    .values({ id: newId(), ...owner(scope), name })
    .onConflict((conflict) => conflict.columns(['tenantId', 'userId', 'name']).doNothing())
    .execute()
  return await ownCollections(store, scope).where('name', '=', name).executeTakeFirstOrThrow()
}

/** Throws `not_found` unless every id is a collection of the caller's own. */
export async function requireCollections(store: Store, scope: Scope, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids)
  if (wanted.size === 0) return
  const found = await ownCollections(store, scope)
    .where('id', 'in', [...wanted])
    .execute()
  if (found.length !== wanted.size) throw new AppError('not_found', 'There is no such collection.')
}

/** Every collection of the caller, by name. */
export async function listCollections(store: Store, scope: Scope): Promise<CollectionRow[]> {
  return await ownCollections(store, scope).orderBy('name').execute()
}

/** Deletes a collection with its documents, chunks, vectors and postings. False when the caller has no such collection. */
export async function deleteCollection(store: Store, scope: Scope, id: string): Promise<boolean> {
  const result = await asScope(store, scope)
    .deleteFrom('collections')
    .where('id', '=', id)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

function ownCollections(store: Store, scope: Scope) {
  return asScope(store, scope)
    .selectFrom('collections')
    .selectAll()
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
}

function owner(scope: Scope): { tenantId: string; userId: string } {
  return { tenantId: scope.tenantId, userId: scope.userId }
}
