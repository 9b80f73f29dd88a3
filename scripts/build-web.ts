import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashFiles, listFiles, readOrEmpty } from './lib/hash-files.mjs'

// Builds the page into services/web/dist unless what is there was made from these very sources.
const root = resolve(fileURLToPath(import.meta.url), '../..')
const web = join(root, 'services/web')
const marker = join(web, 'dist/.built-from')

// The page takes its types and schemas from this package.
const contracts = join(root, 'packages/contracts/src')
const sources = [
  ...listFiles(web, ['node_modules', 'dist', 'coverage']),
  ...listFiles(contracts, []),
  join(root, 'pnpm-lock.yaml'),
]
const wanted = hashFiles(root, sources)
if (!existsSync(join(web, 'index.html'))) {
  console.error('askwire: services/web has no page to build')
} else if (readOrEmpty(marker) !== wanted) {
  console.error('askwire: building the web page')
  const vite = join(web, 'node_modules/vite/bin/vite.js')
  const { status } = spawnSync(process.execPath, [vite, 'build'], { cwd: web, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
  mkdirSync(join(web, 'dist'), { recursive: true })
  writeFileSync(marker, wanted)
}
