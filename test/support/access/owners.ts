import { type Person, signUp } from '../sign-up.ts'
import { type Cast, must, secretOf } from './cast.ts'
import type { MemberAccess } from './rules.ts'

/** Whose things there are: of a user of the default tenant and its admin, and of those of another tenant. */
export type Owner = {
  name: string
  person: Person
  admin: Person
  tenantId: string
  victim: Person
  /** To whom every session of theirs is open, but for private ones; by id. */
  colleagues: ReadonlyMap<string, MemberAccess>
}

/** What stands in every question and document of an owner, and in no answer to anybody else. */
export const markOf = (person: Person): string => `secret-of-${person.user.id}`

/** The two owners, each with a user in their tenant to whom things may be done. */
export async function makeOwners(url: string, cast: Cast): Promise<Owner[]> {
  const { alice, erin, carol, dave } = cast
  const link = await must<{ url: string }>(dave, 'POST', `${url}/api/invitations`, {})
  const otherVictim = await signUp(url, 'victim2@example.org', secretOf(link.url))
  return [
    {
      name: 'alice',
      person: alice,
      admin: erin,
      tenantId: alice.user.tenantId,
      victim: await signUp(url, 'victim@example.org'),
      colleagues: new Map([
        [cast.viewer.user.id, 'view'],
        [cast.editor.user.id, 'edit'],
      ]),
    },
    {
      name: 'carol',
      person: carol,
      admin: dave,
      tenantId: cast.otherTenantId,
      victim: otherVictim,
      colleagues: new Map(),
    },
  ]
}
