import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { createKeyRing } from './key-ring.ts'
import { createSealer } from './sealer.ts'
import { memoryKeyStorage } from './test-support.ts'

const DAY = 86_400_000
const sealer = createSealer('a-secret-of-at-least-32-characters')

test('of many replicas that start at once, one makes the key', async () => {
  const storage = memoryKeyStorage()
  const rings = Array.from({ length: 8 }, () => createKeyRing({ storage, sealer, now: Date.now }))
  const keys = await Promise.all(rings.map((ring) => ring.signing()))
  expect(storage.keys).toHaveLength(1)
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1)
})

test('the next key is there a day before it signs, and the old one verifies a day longer than it signs', async () => {
  const storage = memoryKeyStorage()
  let now = Date.now()
  const ring = createKeyRing({ storage, sealer, now: () => now })
  const first = await ring.signing()
  now += 29.5 * DAY
  expect((await ring.signing()).kid).toBe(first.kid)
  expect(storage.keys).toHaveLength(2)
  now += DAY
  const second = await ring.signing()
  expect(second.kid).toBe(storage.keys[1]?.kid)
  expect(await ring.verifying(first.kid)).toBeDefined()
  now += DAY
  expect(await ring.verifying(first.kid)).toBeUndefined()
  expect(await ring.verifying(second.kid)).toBeDefined()
})

test("another replica's new key is found, and unknown ids do not make the storage be read each time", async () => {
  const storage = memoryKeyStorage()
  let now = Date.now()
  const here = createKeyRing({ storage, sealer, now: () => now })
  const mine = await here.signing()
  now += 29.5 * DAY
  await createKeyRing({ storage, sealer, now: () => now }).refresh()
  const other = storage.keys.find(({ kid }) => kid !== mine.kid)
  expect(await here.verifying(other?.kid ?? '')).toBeDefined()
  const before = storage.reads
  for (let at = 0; at < 100; at += 1) expect(await here.verifying(`unknown-${at}`)).toBeUndefined()
  expect(storage.reads).toBe(before)
})

test('keys sealed under another secret, or put there by who knows none, neither sign nor verify', async () => {
  const storage = memoryKeyStorage()
  const before = await createKeyRing({ storage, sealer, now: Date.now }).signing()
  const forged = generateKeyPairSync('ed25519')
  storage.keys.push({
    kid: 'forged',
    publicJwk: forged.publicKey.export({ format: 'jwk' }) as Record<string, unknown>,
    sealedPrivateKey: Buffer.from(forged.privateKey.export({ format: 'der', type: 'pkcs8' })),
    signsUntil: new Date(Date.now() + 30 * DAY),
    verifiesUntil: new Date(Date.now() + 31 * DAY),
  })
  const changed = createKeyRing({ storage, sealer: createSealer('another-secret-of-at-least-32-chars'), now: Date.now })
  const after = await changed.signing()
  expect([before.kid, 'forged']).not.toContain(after.kid)
  expect(await changed.verifying(before.kid)).toBeUndefined()
  expect(await changed.verifying('forged')).toBeUndefined()
})
