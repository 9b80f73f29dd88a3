import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type StandaloneProcess, startStandalone } from '../support/start-standalone.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const EXAMPLE_MS = 60_000
const QUESTION = 'Does "A worker dies" mean my question\'s answer is lost?'

/** Runs a program to its end, which must come within the bound. */
async function run(command: string, args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], timeout: EXAMPLE_MS })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, out, err }
}

describe('the examples, against npm start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'askwire-examples-'))
  let askwire: StandaloneProcess
  beforeAll(async () => {
    askwire = await startStandalone({ dataDir, knowledge: `${ROOT}docs` })
  }, 150_000)
  afterAll(async () => {
    await askwire?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }, 60_000)

  test('ask.sh prints the answer and what it cites', async () => {
    const { code, out, err } = await run(`${ROOT}examples/ask.sh`, [QUESTION, askwire.url])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/worker.*\[\d\]/s)
    expect(out).toMatch(/^\[\d\] reliability\.md: /m)
  })

  test('ask.sh tells a refusal and fails', async () => {
    const { code, out } = await run(`${ROOT}examples/ask.sh`, ['  ', askwire.url])
    expect(code).not.toBe(0)
    expect(out).not.toContain('[1]')
  })

  // Again and again, because a quick answer may be over before its follower has connected.
  test.each([1, 2, 3])('follow.ts follows to the end (%i)', async () => {
    const { code, out, err } = await run(process.execPath, [`${ROOT}examples/follow.ts`, QUESTION, askwire.url])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [, length, id] = /\n\nsucceeded, (\d+) characters, last event (1-\d+)\n$/.exec(out) ?? []
    expect(Number(length)).toBe(out.slice(0, out.lastIndexOf('\n\nsucceeded')).length)
    expect(Number(id?.slice(2))).toBeGreaterThan(1_000_000)
  })
})
