import './lib/require-node.mjs'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { ROOT } from './lib/paths.mjs'
import { runCommand, runNode } from './lib/run-child.mjs'

// node scripts/run.mjs <script.ts> [arguments]     a script of ours, on the pinned Node
// node scripts/run.mjs --bin <name> [arguments]    a program of node_modules/.bin
const [first, ...rest] = process.argv.slice(2)
if (first === undefined || (first === '--bin' && rest.length === 0)) {
  console.error('usage: node scripts/run.mjs <script.ts> [arguments] | --bin <name> [arguments]')
  process.exit(1)
}
await ensureInstalled()
process.exitCode =
  first === '--bin'
    ? await runCommand(join(ROOT, 'node_modules/.bin', rest[0]), rest.slice(1))
    : await runNode([realpathSync(first), ...rest])
