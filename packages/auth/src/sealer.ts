import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** What a sealed value is for; each use has a key of its own, so that one can never be opened as another. */
export type SealLabel = 'signing-key' | 'totp-secret' | 'oidc-flow' | 'kept-reply'

/** Encrypts what has to be read again. `context` names the row it belongs to: a value moved to another row does not open. */
export type Sealer = {
  seal(label: SealLabel, context: string, plain: Uint8Array): Buffer
  /** Undefined when it was changed, moved, or sealed under a secret that is not known any more. */
  open(label: SealLabel, context: string, sealed: Uint8Array): Buffer | undefined
  /** True when the present secret opens it; false when it should be sealed anew before the previous one is forgotten. */
  isCurrent(label: SealLabel, context: string, sealed: Uint8Array): boolean
}

const CIPHER = 'aes-256-gcm'
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/**
 * AES-256-GCM under keys derived by HKDF (RFC 5869) from `secret`. Always seals under `secret`; what was sealed under `previous` still
 * opens. Sealed: version, nonce, tag, ciphertext.
 */
export function createSealer(secret: string, previous?: string): Sealer {
  const secrets = previous === undefined ? [secret] : [secret, previous]
  return {
    seal: (label, context, plain) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, deriveKey(secret, label), nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(context))
      const text = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), text])
    },
    open: (label, context, sealed) => {
      for (const one of secrets) {
        const plain = open(deriveKey(one, label), context, Buffer.from(sealed))
        if (plain) return plain
      }
      return undefined
    },
    isCurrent: (label, context, sealed) => open(deriveKey(secret, label), context, Buffer.from(sealed)) !== undefined,
  }
}

/** 32 bytes for one use of a secret. */
export function deriveKey(secret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'askwire', use, 32))
}

function open(key: Buffer, context: string, sealed: Buffer): Buffer | undefined {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) return undefined
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}
