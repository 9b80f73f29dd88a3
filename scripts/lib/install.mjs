import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles, readOrEmpty } from './hash-files.mjs'
import { NODE, ROOT } from './paths.mjs'
import { runCommand } from './run-child.mjs'

const PNPM = 'pnpm@12.21.0'
const MARKER = join(ROOT, 'node_modules', '.askwire-installed')

/** Installs the dependencies unless what is installed fits the lock file and manifests. Ends the process when that fails. */
export async function ensureInstalled() {
  const wanted = `${hashFiles(ROOT, manifests())} ${process.platform} ${process.arch}`
  if (readOrEmpty(MARKER) === wanted && existsSync(NODE)) return
  console.error('askwire: installing dependencies (once, about a minute)')
  // The shell is for Windows, where npx is a script; all arguments are constants.
  const options = process.platform === 'win32' ? { shell: true } : {}
  // Standard output is the program's own: what a caller parses must not begin with an installer's report.
  const stdio = ['ignore', 2, 2]
  const code = await runCommand('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { ...options, stdio })
  if (code !== 0 || !existsSync(NODE)) {
    console.error('askwire: installing the dependencies failed; the lines above say why')
    process.exit(code === 0 ? 1 : code)
  }
  writeFileSync(MARKER, wanted)
}

function manifests() {
  const children = (folder) => (existsSync(folder) ? readdirSync(folder).sort() : []).map((name) => join(folder, name))
  const folders = [ROOT, ...children(ROOT), ...children(join(ROOT, 'packages')), ...children(join(ROOT, 'services'))]
  const settings = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'].map((name) => join(ROOT, name))
  // Only what exists: folders that appear later, such as that of the data, change nothing.
  return [...settings, ...folders.map((folder) => join(folder, 'package.json'))].filter(existsSync)
}
