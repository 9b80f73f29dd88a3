import { expect, test } from '@jest/globals'
import { isAddressAllowed } from './is-address-allowed.ts'

test.each([
  ['10.1.2.3', [], true],
  ['10.1.2.3', ['10.0.0.0/8'], true],
  ['11.1.2.3', ['10.0.0.0/8'], false],
  ['10.1.2.3', ['10.1.2.3'], true],
  ['10.1.2.30', ['10.1.2.3'], false],
  ['::ffff:10.1.2.3', ['10.1.2.0/24'], true],
  ['2001:db8::1', ['2001:db8::/32'], true],
  ['2001:db9::1', ['2001:db8::/32', '10.0.0.0/8'], false],
  ['2001:db8::1', ['10.0.0.0/8'], false],
  ['not an address', ['0.0.0.0/0'], false],
])('%s of %j: %s', (address, allowed, expected) => {
  expect(isAddressAllowed(address, allowed)).toBe(expected)
})
