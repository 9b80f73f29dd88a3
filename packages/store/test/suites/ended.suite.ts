import { newId } from '@askwire/contracts'
import { deleteEnded } from '@askwire/store'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Open } from './drive.ts'
import { addPerson, newTenant, secretHash } from './people-kit.ts'

const ago = (interval: string) => sql<Date>`clock_timestamp() - ${interval}::interval`

export function describeEnded(open: Open): void {
  test('logins, reset links and enrolments that have long been over are deleted, and nothing that is in use', async () => {
    const { db } = open()
    const { tenantId, userId } = await addPerson(open(), await newTenant(open()))
    const fresh = await addPerson(open(), tenantId)
    const logins = { open: newId(), ended: newId(), longEnded: newId(), longExpired: newId() }
    const login = { tenantId, userId, method: 'password' as const, address: '192.0.2.1', agent: 'test' }
    await db
      .insertInto('logins')
      .values([
        { ...login, id: logins.open, expiresAt: ago('-1 day'), endedAt: null },
        { ...login, id: logins.ended, expiresAt: ago('-1 day'), endedAt: ago('29 days') },
        { ...login, id: logins.longEnded, expiresAt: ago('-1 day'), endedAt: ago('31 days') },
        { ...login, id: logins.longExpired, expiresAt: ago('31 days'), endedAt: null },
      ])
      .execute()
    const tokens = Object.values(logins).map((loginId) => ({ loginId, hash: secretHash() }))
    await db.insertInto('refreshTokens').values(tokens).execute()
    const resets = [ago('-10 minutes'), ago('1 hour'), ago('2 days')]
    await db
      .insertInto('passwordResets')
      .values(resets.map((expiresAt) => ({ tenantId, userId, hash: secretHash(), expiresAt })))
      .execute()
    const enrolment = { tenantId, sealedSecret: secretHash() }
    await db
      .insertInto('totpEnrolments')
      .values([
        { ...enrolment, userId, expiresAt: ago('2 days') },
        { ...enrolment, userId: fresh.userId, expiresAt: ago('-5 minutes') },
      ])
      .execute()

    expect(await deleteEnded(open())).toBeGreaterThanOrEqual(4)

    const ids = await db.selectFrom('logins').select('id').where('userId', '=', userId).execute()
    expect(ids.map(({ id }) => id).sort()).toEqual([logins.open, logins.ended].sort())
    const left = await db
      .selectFrom('refreshTokens')
      .select('loginId')
      .where('loginId', 'in', Object.values(logins))
      .execute()
    expect(left).toHaveLength(2)
    expect(await db.selectFrom('passwordResets').select('hash').where('userId', '=', userId).execute()).toHaveLength(2)
    const enrolments = await db.selectFrom('totpEnrolments').select('userId').where('tenantId', '=', tenantId).execute()
    expect(enrolments).toEqual([{ userId: fresh.userId }])
  })
}
