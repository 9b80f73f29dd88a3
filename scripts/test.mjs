// npm test [unit | integration | browser …] [file patterns]: everything that is needed to pass, and one closing line of
// counts. Without a name: lint, types and all three. What a machine cannot run is skipped aloud, and fails with CI=true.
import './lib/require-node.mjs'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { ROOT } from './lib/paths.mjs'
import { runCommand, runNode } from './lib/run-child.mjs'
import { runJest } from './lib/run-jest.mjs'

const PROJECTS = ['unit', 'integration', 'browser']
const CI = process.env.CI === 'true'
const args = process.argv.slice(2)
const named = PROJECTS.filter((project) => args.includes(project))
const patterns = args.filter((arg) => !PROJECTS.includes(arg))
const projects = named.length > 0 ? named : PROJECTS

const total = { passed: 0, failed: 0, skipped: 0 }
const bin = (name) => join(ROOT, 'node_modules/.bin', name)
const script = (name, ...rest) => runNode([join(ROOT, 'scripts', name), ...rest])
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true))

/** Runs one step unless the user has had enough; counts a failing one as one failure. Resolves with whether it passed. */
async function step(title, work) {
  if (interrupted) return false
  const startedAt = performance.now()
  console.error(`\n── ${title}`)
  const code = await work()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.error(`── ${title}: ${code === 0 ? 'done' : 'FAILED'} after ${seconds} s`)
  if (code !== 0) total.failed++
  return code === 0
}

/** As `step`, for what some machines cannot have (exit code 3): there it is skipped, except in CI. */
async function provide(title, work) {
  let missing = false
  const passed = await step(title, async () => {
    const code = await work()
    missing = code === 3 && !CI
    return missing ? 0 : code
  })
  if (missing) console.error(`\n!! SKIPPED: ${title} is not possible here, so the tests that need it do not run\n`)
  return passed && !missing
}

async function test(project) {
  if (interrupted) return
  const startedAt = performance.now()
  console.error(`\n── tests: ${project}`)
  const counts = await runJest(project, patterns)
  for (const name of Object.keys(total)) total[name] += counts[name]
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.error(`── tests: ${project}: ${line(counts)} after ${seconds} s`)
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

await ensureInstalled()
if (named.length === 0) {
  const types = (project) => runCommand(bin('tsc'), ['--noEmit', '-p', project])
  await Promise.all([
    step('lint', () => runCommand(bin('biome'), ['check', '.'])),
    step('types', () => types('tsconfig.json')),
    step('types of the page', () => types('services/web/tsconfig.json')),
  ])
}
if (projects.includes('unit')) await test('unit')

if (projects.includes('integration') || projects.includes('browser')) {
  const wereUp = (await script('servers.ts', 'status')) === 0
  try {
    await provide('real servers', () => script('servers.ts', 'up'))
    await step('web page', () => script('build-web.ts'))
    if (projects.includes('integration')) await test('integration')
    const browserTests = existsSync(join(ROOT, 'test/browser')) && readdirSync(join(ROOT, 'test/browser')).length > 0
    if (projects.includes('browser') && browserTests) {
      if (await provide('Chromium', () => script('install-chromium.ts'))) await test('browser')
    }
  } finally {
    if (!wereUp) await script('servers.ts', 'down')
  }
}

if (interrupted) total.failed++
process.exitCode = total.failed > 0 ? 1 : 0
console.log(line(total))
