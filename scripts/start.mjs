// npm start: install what is missing, build the page if its sources changed, then run everything in one process.
import './lib/require-node.mjs'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { ROOT } from './lib/paths.mjs'
import { runNode } from './lib/run-child.mjs'

// What the environment already holds wins over the file.
const envFile = join(ROOT, '.env')
const envOptions = existsSync(envFile) ? [`--env-file=${envFile}`] : []
const args = process.argv.slice(2)
await ensureInstalled()
const built = args.includes('--help') ? 0 : await runNode([join(ROOT, 'scripts/build-web.ts')])
process.exitCode =
  built === 0 ? await runNode([...envOptions, join(ROOT, 'services/standalone/src/main.ts'), ...args]) : built
