import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE, ROOT } from './paths.mjs'

const PROJECT_TIMEOUT_MS = 12 * 60_000
// Tests bound their own waits; this one only ends what hangs, also on a machine that is busy with other things.
const TEST_TIMEOUT = '--testTimeout=90000'
const LEAK_AFTER_MS = 20_000
const WORKERS = { unit: 2, integration: 2, browser: 2 }
const REPORT_LEAKS = fileURLToPath(new URL('./report-leaks.mjs', import.meta.url))
const STALL_REPORTER = fileURLToPath(new URL('./stall-reporter.mjs', import.meta.url))

/** Runs one project of the test suite and resolves with its counts; a file that did not load is a failure. */
export async function runJest(project, patterns) {
  const folder = mkdtempSync(join(tmpdir(), 'askwire-jest-'))
  const report = join(folder, 'report.json')
  try {
    const outcome = await run(project, patterns, report)
    const counts = readCounts(report)
    if (counts === undefined) {
      console.error(`${project}: the runner ended (${outcome.code}) without a report`)
      return { passed: 0, failed: 1, skipped: 0 }
    }
    // A leak, a time-out or a global failure may leave every single test green.
    if (outcome.code !== 0 && counts.failed === 0) counts.failed = 1
    return counts
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(project, patterns, report) {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js')
  const reporters = ['--reporters=default', `--reporters=${STALL_REPORTER}`]
  const options = [
    '--selectProjects',
    project,
    '--passWithNoTests',
    `--maxWorkers=${WORKERS[project]}`,
    TEST_TIMEOUT,
    ...reporters,
  ]
  const child = spawn(
    NODE,
    ['--import', REPORT_LEAKS, jest, ...options, '--json', `--outputFile=${report}`, '--', ...patterns],
    {
      cwd: ROOT,
      // Jest prints the whole report on standard output as well; people read standard error.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    },
  )
  const stop = (signal) => child.kill(signal)
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const startedAt = performance.now()
  let reportedAt
  let askedAt
  const watch = setInterval(() => {
    const now = performance.now()
    if (now - startedAt > PROJECT_TIMEOUT_MS) {
      console.error(`${project}: stopped after ${PROJECT_TIMEOUT_MS / 60_000} minutes`)
      child.kill('SIGKILL')
    }
    if (reportedAt === undefined && readCounts(report) !== undefined) reportedAt = now
    if (reportedAt === undefined || now - reportedAt < LEAK_AFTER_MS) return
    if (askedAt === undefined) {
      askedAt = now
      console.error(`${project}: the tests are over, but their process does not end`)
      child.kill('SIGUSR2')
    } else if (now - askedAt > 2_000) child.kill('SIGKILL')
  }, 1_000)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code: code ?? signal }))
  }).finally(() => {
    clearInterval(watch)
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
  })
}

function readCounts(report) {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
      skipped: json.numPendingTests + json.numTodoTests,
    }
  } catch {
    return undefined
  }
}
