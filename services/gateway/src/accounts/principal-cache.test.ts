import { newId } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import type { KnownPerson } from './known-person.ts'
import { createPrincipalCache, type Found } from './principal-cache.ts'

const tenantId = newId()
const personOf = (userId: string): KnownPerson => ({
  tenantId,
  userId,
  permissions: new Set(),
  owner: false,
  loginId: newId(),
  tokenId: null,
  limits: { maxUnfinishedRuns: null, requestsPerMinute: null },
  allowedAddresses: [],
})
const foundOf = (userId: string, endsAt = Number.POSITIVE_INFINITY): Found => ({ person: personOf(userId), endsAt })

test('a credential is looked up once in two seconds, and once for many at the same time', async () => {
  let now = 1000
  let reads = 0
  const cache = createPrincipalCache(Date.now, { elapsed: () => now })
  const find = async (): Promise<Found> => {
    reads += 1
    return foundOf('ann')
  }
  await Promise.all([1, 2, 3].map(() => cache.get('token', find)))
  now += 1999
  expect((await cache.get('token', find))?.userId).toBe('ann')
  expect(reads).toBe(1)
  now += 2
  await cache.get('token', find)
  expect(reads).toBe(2)
})

test('two credentials with the same beginning are two people', async () => {
  const cache = createPrincipalCache(Date.now)
  const long = 'sk-the-same-twenty-characters-and-more-'
  expect((await cache.get(`${long}a`, async () => foundOf('ann')))?.userId).toBe('ann')
  expect((await cache.get(`${long}b`, async () => foundOf('bob')))?.userId).toBe('bob')
})

test('what has ended is nobody, even while it is kept', async () => {
  let now = 1000
  const cache = createPrincipalCache(() => now)
  expect(await cache.get('token', async () => foundOf('ann', 1500))).toBeDefined()
  now = 1500
  expect(await cache.get('token', async () => foundOf('ann', 1500))).toBeUndefined()
})

test('a time that is set back keeps nobody longer', async () => {
  let [now, elapsed, reads] = [3_600_000, 0, 0]
  const cache = createPrincipalCache(() => now, { elapsed: () => elapsed })
  const find = async (): Promise<Found> => {
    reads += 1
    return foundOf('ann')
  }
  await cache.get('token', find)
  now = 0
  elapsed = 2001
  await cache.get('token', find)
  expect(reads).toBe(2)
})

test('nobody is not kept', async () => {
  const cache = createPrincipalCache(Date.now)
  expect(await cache.get('token', async () => undefined)).toBeUndefined()
  expect(await cache.get('token', async () => foundOf('ann'))).toBeDefined()
})

test('a change is seen at once, also by a reading that began before it', async () => {
  const cache = createPrincipalCache(Date.now)
  const old = Promise.withResolvers<Found | undefined>()
  const first = cache.get('token', () => old.promise)
  cache.forget({ tenantId, userId: 'ann' })
  const second = cache.get('token', async () => undefined)
  old.resolve(foundOf('ann'))
  expect((await first)?.userId).toBe('ann')
  expect(await second).toBeUndefined()
  expect(await cache.get('token', async () => undefined)).toBeUndefined()
})

test('a tenant is forgotten whole, and others are kept', async () => {
  const cache = createPrincipalCache(Date.now)
  await cache.get('a', async () => foundOf('ann'))
  cache.forget({ tenantId: newId(), userId: null })
  expect(await cache.get('a', async () => undefined)).toBeDefined()
  cache.forget({ tenantId, userId: null })
  expect(await cache.get('a', async () => undefined)).toBeUndefined()
})
