import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '../../..')

/** The pinned Node that runs the TypeScript as it is; installed like any other dependency. */
export const NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
