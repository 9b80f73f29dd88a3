import { limitToScopes, type Permission, permissionsOf, tokenScope } from '@askwire/contracts'
import type { PrincipalRow } from '@askwire/store'
import type { Principal } from '../principal.ts'

/** Who is behind a credential, whatever request it comes with. */
export type KnownPerson = Omit<Principal, 'requestId' | 'address' | 'agent' | 'traceparent'> & {
  allowedAddresses: readonly string[]
}

/** A person with the permissions of their roles, cut down to a token's scopes where there is a token. */
export function knownPerson(row: PrincipalRow): KnownPerson {
  return {
    tenantId: row.tenantId,
    userId: row.userId,
    permissions: permissionsOfRow(row),
    owner: row.owner,
    loginId: row.loginId,
    tokenId: row.tokenId,
    limits: { maxUnfinishedRuns: row.maxUnfinishedRuns, requestsPerMinute: row.requestsPerMinute },
    allowedAddresses: row.allowedAddresses,
  }
}

function permissionsOfRow(row: PrincipalRow): ReadonlySet<Permission> {
  const all = permissionsOf(row)
  if (row.scopes === null) return all
  // A scope that this version does not know reaches nothing.
  return limitToScopes(
    all,
    row.scopes.flatMap((scope) => tokenScope.safeParse(scope).data ?? []),
  )
}
