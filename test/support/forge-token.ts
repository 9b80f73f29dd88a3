import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createSealer } from '@askwire/auth'
import type { Stack } from './stack.ts'

type Fields = Record<string, unknown>

/** Makes tokens of every kind that is not ours, beginning with one that is. */
export type Forge = {
  /** A token with the real header and claims, changed, and signed by the installation's own key unless told otherwise. */
  make(changes?: { header?: Fields; claims?: Fields; signer?: (input: string) => Buffer }): string
  publicKey: KeyObject
}

/** A forge that has stolen the signing key, which it may use for what no thief should get: a token that breaks one rule alone. */
export async function createForge(stack: Stack, genuine: string): Promise<Forge> {
  const [header, claims] = genuine.split('.').slice(0, 2).map(decodePart)
  const rows = await stack.deps.store.db.selectFrom('signingKeys').selectAll().execute()
  const row = rows.find(({ kid }) => kid === header?.kid)
  const sealer = createSealer(stack.env.ASKWIRE_AUTH_SECRET)
  const pkcs8 = row && sealer.open('signing-key', row.kid, row.sealedPrivateKey)
  if (!pkcs8) throw new Error('the signing key does not open')
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return {
    publicKey: createPublicKey(privateKey),
    make: (changes = {}) => {
      const input = [
        { ...header, ...changes.header },
        { ...claims, ...changes.claims },
      ]
        .map(encodePart)
        .join('.')
      const signature = changes.signer ? changes.signer(input) : sign(null, Buffer.from(input), privateKey)
      return `${input}.${signature.toString('base64url')}`
    },
  }
}

/** Signs with an HMAC whose key is a public text. */
export const hmacWith =
  (key: string | Buffer) =>
  (input: string): Buffer =>
    createHmac('sha256', key).update(input).digest()

/** Signs with a key pair of one's own. */
export function withOwnKey(kind: 'ed25519' | 'rsa' | 'ec'): { signer: (input: string) => Buffer; jwk: Fields } {
  const { privateKey, publicKey } = pairOf(kind)
  return {
    signer: (input) => sign(kind === 'ed25519' ? null : 'sha256', Buffer.from(input), privateKey),
    jwk: publicKey.export({ format: 'jwk' }) as Fields,
  }
}

function pairOf(kind: 'ed25519' | 'rsa' | 'ec'): { privateKey: KeyObject; publicKey: KeyObject } {
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
}

const decodePart = (part: string): Fields => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Fields
const encodePart = (fields: Fields): string => Buffer.from(JSON.stringify(fields)).toString('base64url')
