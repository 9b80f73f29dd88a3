import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { secretSetting } from './secret-setting.ts'

describe('S30: a secret that is none', () => {
  test.each([
    undefined,
    '',
    'short',
    'a'.repeat(31),
    'a'.repeat(64),
    'ab'.repeat(32),
    '0123456789abcdef'.repeat(4),
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '9876543210zyxwvutsrqponmlkjihgfedcba',
    'change-me-change-me-change-me-1234',
    'CHANGE_ME_TO_A_LONG_RANDOM_STRING_!',
    'dev-secret-change-me-in-production',
    'my-super-secret-jwt-key-8f3a91c07be2',
    'please set this to your-token x9K2mQ7wTz',
    'password-f81d4fae7dec11d0a76500a0c91e',
    'example-f81d4fae7dec11d0a76500a0c91e',
    'qwertyuiopasdfghjklzxcvbnm1234567890',
    'replace this with: openssl rand -hex 32',
    '00000000000000000000000000000001',
    'x'.repeat(2000),
  ])('%j is refused', (value) => {
    const { success, error } = secretSetting.safeParse(value)
    expect(success).toBe(false)
    if (value && value.length > 5) expect(JSON.stringify(error?.issues)).not.toContain(value)
  })

  test('whatever is random is taken', () => {
    for (let count = 0; count < 5000; count += 1) {
      expect(secretSetting.safeParse(randomBytes(16).toString('hex')).success).toBe(true)
      expect(secretSetting.safeParse(randomBytes(32).toString('hex')).success).toBe(true)
      expect(secretSetting.safeParse(randomBytes(32).toString('base64url')).success).toBe(true)
    }
  })
})
