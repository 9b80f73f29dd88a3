import { BlockList, isIP } from 'node:net'

/** Whether an address is one of those listed, or in one of the listed networks. An empty list allows any. */
export function isAddressAllowed(address: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = familyOf(plain)
  if (!family) return false
  const list = new BlockList()
  for (const entry of allowed) {
    const [network = '', bits] = entry.split('/')
    const of = familyOf(network)
    if (!of) continue
    if (bits === undefined) list.addAddress(network, of)
    else list.addSubnet(network, Number(bits), of)
  }
  return list.check(plain, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined
}
