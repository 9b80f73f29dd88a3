import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Accepted, MessageView, Page, RunView, SignedIn } from '@askwire/contracts'
import { waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

type Process = { child: ChildProcess; output(): string; url(): Promise<string>; exit: Promise<number | null> }

const started = new Set<ChildProcess>()

function start(args: string[], env: Record<string, string> = {}): Process {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  void exit.then(() => started.delete(child))
  const url = async (): Promise<string> =>
    await waitFor(() => /Page +(http:\S+)/.exec(output)?.[1], { what: `an address in ${output}`, timeoutMs: 60_000 })
  return { child, output: () => output, url, exit }
}

describe('the standalone process', () => {
  let folder: string
  let knowledge: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'askwire-standalone-'))
    knowledge = join(folder, 'knowledge')
    await mkdir(knowledge)
    await writeFile(
      join(knowledge, 'tide.md'),
      '# Tides\n\nThe spring tide at Brennick is nine metres. The neap tide is four metres.\n',
    )
  })
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })

  const run = (dataDir: string): Process =>
    start(['--port', '0', '--data-dir', join(folder, dataDir), '--knowledge', knowledge])
  const json = async <T>(url: string, init?: RequestInit): Promise<T> => (await (await fetch(url, init)).json()) as T
  const post = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

  test('answers over the folder, keeps everything through a restart, and stops cleanly', async () => {
    const first = run('kept')
    const url = await first.url()
    const asked = await json<Accepted & { run: RunView; answer: MessageView }>(
      `${url}/api/chat`,
      post({ mode: 'blocking', message: 'How high is the spring tide at Brennick?' }),
    )
    expect(asked.answer.content).toContain('nine metres')
    const [cited] = asked.answer.resources
    expect(await readFile(join(knowledge, 'tide.md'), 'utf8')).toContain(cited?.quote)
    first.child.kill('SIGINT')
    expect(await first.exit).toBe(0)

    const second = run('kept')
    const again = await second.url()
    const { items } = await json<Page<MessageView>>(`${again}/api/sessions/${asked.sessionId}/messages`)
    const { runId, status, timings, error } = asked.run
    const steps = [expect.objectContaining({ node: 'retrieve' }), expect.objectContaining({ node: 'respond' })]
    expect(items[0]).toEqual({ ...asked.answer, run: { runId, status, timings, error, steps } })
    expect(second.output()).toMatch(/Knowledge: .*, 1 files \(/)
    second.child.kill('SIGTERM')
    expect(await second.exit).toBe(0)
  }, 150_000)

  test('it can be tried without an account, until the first one takes all that is there', async () => {
    const first = run('accounts')
    const url = await first.url()
    const status = async (path: string, init?: RequestInit): Promise<number> =>
      (await fetch(`${url}${path}`, init)).status
    const asked = await json<Accepted>(`${url}/api/chat`, post({ mode: 'blocking', message: 'How high is the tide?' }))
    expect(await json(`${url}/api/auth/options`)).toMatchObject({ firstAccount: true, trial: true })
    expect(await status('/api/documents', { headers: { 'x-api-key': 'sk-wrong' } })).toBe(401)
    expect(await status('/api/tokens', post({ name: 'early', scopes: ['chat'] }))).toBe(403)
    expect(await status('/api/auth/password', post({ newPassword: 'correct horse battery' }))).toBe(403)

    const account = { email: 'me@example.com', password: 'correct horse battery', name: 'Me' }
    const { accessToken } = await json<SignedIn>(`${url}/api/auth/register`, post(account))
    const headers = { authorization: `Bearer ${accessToken}` }
    expect(await status('/api/documents')).toBe(401)
    expect(await status(`/api/sessions/${asked.sessionId}/messages`)).toBe(401)
    expect(await status(`/api/sessions/${asked.sessionId}/messages`, { headers })).toBe(200)
    const secret = join(folder, 'accounts', 'auth-secret')
    expect((await stat(secret)).mode & 0o777).toBe(0o600)
    expect(first.output()).not.toContain((await readFile(secret, 'utf8')).trim())
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
  }, 150_000)

  test('what was running when it was killed is asked again at the next start', async () => {
    const first = run('killed')
    const url = await first.url()
    const { runId } = await json<Accepted>(`${url}/api/chat`, post({ message: 'How high is the neap tide?' }))
    await waitFor(async () => (await json<RunView>(`${url}/api/runs/${runId}`)).status === 'running', {
      what: 'the run to begin',
      intervalMs: 5,
    })
    first.child.kill('SIGKILL')
    await first.exit
    const second = run('killed')
    const again = await second.url()
    const ended = await waitFor(
      async () => {
        const state = await json<RunView>(`${again}/api/runs/${runId}`)
        return state.finishedAt ? state : undefined
      },
      { what: 'the answer' },
    )
    expect(ended).toMatchObject({ status: 'succeeded', attempt: 2 })
    second.child.kill('SIGKILL')
    await second.exit
  }, 150_000)

  test('two processes cannot have one folder', async () => {
    const first = run('shared')
    await first.url()
    const second = run('shared')
    expect(await second.exit).toBe(1)
    expect(second.output()).not.toContain('at ')
    first.child.kill('SIGKILL')
    await first.exit
  }, 150_000)

  test('every problem is one line, all at once, and the exit is 1', async () => {
    const busy = createServer().listen(0, '127.0.0.1')
    await once(busy, 'listening')
    const address = busy.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const failed = start([
      '--port',
      String(port),
      '--data-dir',
      join(file, 'data'),
      '--knowledge',
      join(folder, 'missing'),
    ])
    expect(await failed.exit).toBe(1)
    busy.close()
    const lines = failed.output().trim().split('\n')
    expect(lines).toHaveLength(4)
    expect(failed.output()).toMatch(/ASKWIRE_DATA_DIR: .*\n.*KNOWLEDGE_DIR: .*\n.*ASKWIRE_PORT: .* in use/)
  }, 60_000)

  test('a folder that can never be made is refused, and not waited for', async () => {
    const failed = start(['--port', '0', '--data-dir', '/proc/askwire/data', '--knowledge', knowledge])
    expect(await failed.exit).toBe(1)
    expect(failed.output()).toMatch(/^.*\n.*ASKWIRE_DATA_DIR: cannot write to \/proc\/askwire\/data \(ENOENT\)\n$/)
  }, 60_000)

  test('malformed configuration names every variable and no value', async () => {
    const failed = start(['--port', 'eighty'], {
      ASKWIRE_LOG_LEVEL: 'loud',
      ASKWIRE_MODEL_PROVIDER: 'openai',
      ASKWIRE_MODEL_API_KEY: 'sk-secret',
    })
    expect(await failed.exit).toBe(1)
    for (const name of ['ASKWIRE_PORT', 'ASKWIRE_LOG_LEVEL', 'ASKWIRE_MODEL_BASE_URL', 'ASKWIRE_MODEL'])
      expect(failed.output()).toContain(`- ${name}: `)
    expect(failed.output()).not.toContain('sk-secret')
    const unknown = start(['--prot', '1'])
    expect(await unknown.exit).toBe(1)
    expect(unknown.output()).toContain('--prot')
  }, 60_000)

  test('--help', async () => {
    const help = start(['--help'])
    expect(await help.exit).toBe(0)
    expect(help.output()).toContain('--knowledge')
  }, 60_000)

  test('its files are its owner’s alone', async () => {
    const running = run('private')
    await running.url()
    const { mode } = await stat(join(folder, 'private'))
    expect(mode & 0o077).toBe(0)
    running.child.kill('SIGKILL')
    await running.exit
  }, 150_000)
})
