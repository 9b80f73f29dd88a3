import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { types } from 'node:util'
import { AppError } from '@askwire/contracts'

/** SQLite's primary result code for "another connection holds the lock". */
const SQLITE_BUSY = 5

/**
 * Holds a folder (made when missing) for this process until `release`, or until the process dies, however it dies. Throws
 * `database_unavailable` when it cannot be written, or when another process, or this one, holds it already.
 */
export function lockFolder(folder: string): { release: () => void } {
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(folder, { recursive: true })
    // Node has no flock. SQLite's exclusive transaction is one: the kernel drops it with the process, so a lock file
    // never outlives its owner, and process ids (which repeat in containers) need not be compared.
    lock = new DatabaseSync(path.join(folder, 'database.lock'))
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    const held = types.isNativeError(cause) && 'errcode' in cause && cause.errcode === SQLITE_BUSY
    const why = held ? 'is in use by another Askwire process' : 'cannot be written'
    throw new AppError('database_unavailable', `The database folder ${folder} ${why}.`, { cause })
  }
  return { release: () => lock.close() }
}
