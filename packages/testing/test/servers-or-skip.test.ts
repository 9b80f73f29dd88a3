import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DEFAULT_ROOT } from '../src/servers/state.ts'

// A copy of the package in a folder without servers: the only way to see what a file does that finds none.
describe('a test file without servers', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync('/tmp/askwire-no-servers-')
    cpSync(join(DEFAULT_ROOT, 'packages/testing/src'), join(root, 'packages/testing/src'), { recursive: true })
    symlinkSync(join(DEFAULT_ROOT, 'packages/testing/node_modules'), join(root, 'packages/testing/node_modules'))
    symlinkSync(join(DEFAULT_ROOT, 'node_modules'), join(root, 'node_modules'))
    cpSync(join(DEFAULT_ROOT, 'jest.config.mjs'), join(root, 'jest.config.mjs'))
    // Jest looks for what the configuration names, also of projects that do not run.
    const named = 'test/browser/support'
    cpSync(join(DEFAULT_ROOT, named), join(root, named), { recursive: true })
    writeFileSync(join(root, 'package.json'), '{"type":"module"}')
    mkdirSync(join(root, 'packages/testing/test'))
    writeFileSync(
      join(root, 'packages/testing/test/needs-servers.test.ts'),
      `import { describe, expect, test } from '@jest/globals'
       import { serversOrSkip } from '../src/servers/servers-or-skip.ts'
       const servers = serversOrSkip()
       describe('outer', () => { test('inner', () => expect(servers.rabbitUrl).toBe('never run')) })
       test('top', () => expect(true).toBe(false))`,
    )
  })
  afterAll(() => rmSync(root, { recursive: true }))

  function runJest(ci: string) {
    const jest = join(DEFAULT_ROOT, 'node_modules/jest/bin/jest.js')
    const args = [
      jest,
      '--rootDir',
      root,
      '--selectProjects',
      'integration',
      '--json',
      '-c',
      join(root, 'jest.config.mjs'),
    ]
    const env = { ...process.env, CI: ci, NODE_OPTIONS: '--experimental-vm-modules' }
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8', timeout: 120_000 })
    return { report: JSON.parse(stdout), stderr }
  }

  test('is skipped as a whole, aloud', () => {
    const { report, stderr } = runJest('')
    expect(report).toMatchObject({ numPendingTests: 2, numPassedTests: 0, numFailedTests: 0, success: true })
    expect(stderr).toContain('SKIPPED')
  }, 150_000)

  test('fails in CI', () => {
    const { report } = runJest('true')
    expect(report).toMatchObject({ numRuntimeErrorTestSuites: 1, numPassedTests: 0, success: false })
  }, 150_000)
})
