import { randomBytes } from 'node:crypto'
import { toBase32 } from './base32.ts'
import { hashSecret } from './random-secret.ts'

export const BACKUP_CODES = 10
/** 80 bits: a fast hash of it cannot be turned back, even by who has stolen the table. */
const CODE_BYTES = 10

/** New backup codes, as they are shown once: `abcd-efgh-ijkl-mnop`. */
export function newBackupCodes(): string[] {
  return Array.from({ length: BACKUP_CODES }, () => {
    const text = toBase32(randomBytes(CODE_BYTES)).toLowerCase()
    return [0, 4, 8, 12].map((at) => text.slice(at, at + 4)).join('-')
  })
}

/** What is stored and looked up: bound to its user, and the same however the code is typed. */
export function hashBackupCode(userId: string, code: string): Buffer {
  return hashSecret(`backup:${userId}:${code.replaceAll(/[\s-]/g, '').toLowerCase()}`)
}
