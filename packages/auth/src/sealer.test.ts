import { expect, test } from '@jest/globals'
import { createSealer } from './sealer.ts'

const OLD = 'old-secret-of-at-least-32-characters'
const NEW = 'new-secret-of-at-least-32-characters'
const plain = Buffer.from('what must be read again')

test('what was sealed opens under the same secret, label and context only', () => {
  const sealer = createSealer(NEW)
  const sealed = sealer.seal('totp-secret', 'user-1', plain)
  expect(sealer.open('totp-secret', 'user-1', sealed)).toEqual(plain)
  expect(sealer.open('totp-secret', 'user-2', sealed)).toBeUndefined()
  expect(sealer.open('signing-key', 'user-1', sealed)).toBeUndefined()
  expect(createSealer(OLD).open('totp-secret', 'user-1', sealed)).toBeUndefined()
  expect(sealed.includes(plain)).toBe(false)
  expect(sealer.seal('totp-secret', 'user-1', plain)).not.toEqual(sealed)
})

test('the previous secret still opens, and only the new one seals', () => {
  const sealed = createSealer(OLD).seal('signing-key', 'kid', plain)
  const both = createSealer(NEW, OLD)
  expect(both.open('signing-key', 'kid', sealed)).toEqual(plain)
  expect(both.isCurrent('signing-key', 'kid', sealed)).toBe(false)
  expect(both.isCurrent('signing-key', 'kid', both.seal('signing-key', 'kid', plain))).toBe(true)
  expect(createSealer(NEW).open('signing-key', 'kid', both.seal('signing-key', 'kid', plain))).toEqual(plain)
})

test('one changed bit anywhere, a cut or a foreign version does not open', () => {
  const sealer = createSealer(NEW)
  const sealed = sealer.seal('totp-secret', 'user', plain)
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at)
    expect(sealer.open('totp-secret', 'user', changed)).toBeUndefined()
  }
  for (const length of [0, 1, 12, 28, sealed.length - 1])
    expect(sealer.open('totp-secret', 'user', sealed.subarray(0, length))).toBeUndefined()
})
