import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** One hash over the names and contents of files, in the order given. A file that is missing counts as empty. */
export function hashFiles(root, paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    hash.update(`${relative(root, path)}\0`)
    hash.update(readOrEmpty(path))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** All files under a folder, sorted, without the folders named in `skip`. */
export function listFiles(folder, skip) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !skip.includes(entry.name))
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? listFiles(path, skip) : [path]
    })
}

export function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
