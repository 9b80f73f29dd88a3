import { describe, expect, test } from '@jest/globals'
import { addressKey } from './address-key.ts'

describe('what an address is counted as', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s', (address, key) => expect(addressKey(address)).toBe(key))

  test('S50: the addresses of one IPv6 network are one caller', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => addressKey(`2001:db8:7:7::${index.toString(16)}`))
    expect(new Set(keys).size).toBe(1)
  })
})
