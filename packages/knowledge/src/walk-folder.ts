import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@askwire/contracts'

export type Skipped = { path: string; reason: string }
export type Walk = {
  /** Relative to the folder, with `/`, sorted. */
  files: string[]
  skipped: Skipped[]
  /** False when a part of the folder could not be read or a bound was met: what is not listed may still exist. */
  complete: boolean
}

const EXTENSIONS = new Set(['.md', '.markdown', '.txt'])
const IGNORED_FOLDERS = new Set(['node_modules'])
const MAX_FILES = 20_000
const MAX_DEPTH = 32

/**
 * The Markdown and text files below a folder. Hidden folders and files and `node_modules` are left out; links to folders
 * are not followed, links to files only when they end inside. Throws `invalid_request` when there is no such folder.
 */
export async function walkFolder(folder: string, signal: AbortSignal): Promise<Walk> {
  const root = await realpath(folder).catch(() => undefined)
  if (root === undefined || !(await stat(root)).isDirectory()) {
    throw new AppError('invalid_request', `There is no folder ${folder}.`)
  }
  const walk: Walk = { files: [], skipped: [], complete: true }
  await visit(root, '', 0, walk, signal)
  walk.files.sort()
  return walk
}

async function visit(root: string, relative: string, depth: number, walk: Walk, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const giveUp = (at: string, reason: string): void => {
    walk.skipped.push({ path: at, reason })
    walk.complete = false
  }
  const entries = await readdir(path.join(root, relative), { withFileTypes: true }).catch(() => undefined)
  if (!entries) return giveUp(relative, 'the folder cannot be read')
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = relative === '' ? entry.name : `${relative}/${entry.name}`
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory() && !IGNORED_FOLDERS.has(entry.name)) {
      if (depth < MAX_DEPTH) await visit(root, at, depth + 1, walk, signal)
      else giveUp(at, `deeper than ${MAX_DEPTH} folders`)
    } else if (EXTENSIONS.has(path.extname(entry.name).toLowerCase()) && (await isFileInside(root, at, entry, walk))) {
      if (walk.files.length >= MAX_FILES) return giveUp(at, `more than ${MAX_FILES} files`)
      walk.files.push(at)
    }
  }
}

async function isFileInside(root: string, at: string, entry: Dirent, walk: Walk): Promise<boolean> {
  if (entry.isFile()) return true
  if (!entry.isSymbolicLink()) return false
  const target = await realpath(path.join(root, at)).catch(() => undefined)
  if (target?.startsWith(root + path.sep) && (await stat(target)).isFile()) return true
  walk.skipped.push({ path: at, reason: 'a link that leads out of the folder, or nowhere' })
  return false
}
