// npm start: install what is missing, build the page if its sources changed, then run everything in one process.
import './lib/require-node.mjs'
import { join } from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { ROOT } from './lib/paths.mjs'
import { runNode } from './lib/run-child.mjs'

const ENV_FILE = `--env-file-if-exists=${join(ROOT, '.env')}`
const args = process.argv.slice(2)
await ensureInstalled()
const built = args.includes('--help') ? 0 : await runNode([join(ROOT, 'scripts/build-web.ts')])
process.exitCode =
  built === 0 ? await runNode([ENV_FILE, join(ROOT, 'services/standalone/src/main.ts'), ...args]) : built
