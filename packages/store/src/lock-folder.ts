import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '@askwire/contracts'

/**
 * Holds a folder for this process until `release`, or until the process dies however it dies. Throws
 * `database_unavailable` when another process, or this one, holds it already.
 */
export function lockFolder(folder: string): { release: () => void } {
  mkdirSync(folder, { recursive: true })
  // Node has no flock. SQLite's exclusive transaction is one: the kernel drops it with the process, so a lock file
  // never outlives its owner, and process ids (which repeat in containers) need not be compared.
  const lock = new DatabaseSync(path.join(folder, 'database.lock'))
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw new AppError('database_unavailable', `The database folder ${folder} is in use by another process.`, {
      cause: error,
    })
  }
  return { release: () => lock.close() }
}
