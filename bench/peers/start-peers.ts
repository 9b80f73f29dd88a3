import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { choosePorts } from '../../packages/testing/src/servers/choose-ports.ts'
import { Children } from '../../scripts/lib/children.ts'
import type { Peer } from '../lib/bench-context.ts'
import { waitUntilServing } from '../lib/start-fake.ts'

export type PeerSet = { peers: Peer[]; stop(): Promise<void> }

/** LangGraph's server takes this many runs at a time; its own default is ten, which would measure its queue. */
const LANGGRAPH_JOBS = 600
const PNPM = 'pnpm@12.21.0'

/** Starts LangGraph's server and Portkey's relay over the same fake model; installs them first where they are missing. */
export async function startPeers(options: {
  root: string
  fakeUrl: string
  signal: AbortSignal
  say(line: string): void
}): Promise<PeerSet> {
  const { root, fakeUrl, signal, say } = options
  const children = new Children(root, signal, (line) => {
    // LangGraph's server tells each run; what matters of it is in the measurements.
    if (/error|ended with/i.test(line)) say(line.slice(0, 300))
  })
  const folder = (name: string): string => join(root, 'bench/peers', name)
  for (const name of ['portkey', 'langgraph']) await install(folder(name), say)
  const [portkeyPort, langgraphPort] = await choosePorts(`bench peers ${root}`, 2)

  const portkey = children.start(
    'portkey',
    [
      join(folder('portkey'), 'node_modules/@portkey-ai/gateway/build/start-server.js'),
      `--port=${portkeyPort}`,
      '--headless',
    ],
    { ...process.env, TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
  )
  const langgraph = children.start(
    'langgraph',
    [
      join(folder('langgraph'), 'node_modules/@langchain/langgraph-cli/dist/cli/cli.mjs'),
      ...['dev', '--no-browser', '--no-reload', '--host', '127.0.0.1', '--port', String(langgraphPort)],
      ...['--n-jobs-per-worker', String(LANGGRAPH_JOBS), '--config', join(folder('langgraph'), 'langgraph.json')],
    ],
    {
      ...process.env,
      FAKE_URL: fakeUrl,
      LANGSMITH_TRACING: 'false',
      LANGCHAIN_TRACING_V2: 'false',
      LANGGRAPH_CLI_NO_ANALYTICS: '1',
      LOG_LEVEL: 'error',
    },
  )
  const portkeyUrl = `http://127.0.0.1:${portkeyPort}`
  const langgraphUrl = `http://127.0.0.1:${langgraphPort}`
  await waitUntilServing(portkeyUrl, 'Portkey')
  await waitUntilServing(`${langgraphUrl}/ok`, 'the LangGraph server')
  return {
    peers: [
      { kind: 'portkey', name: 'Portkey relay', url: portkeyUrl, pid: portkey.pid },
      { kind: 'langgraph', name: 'LangGraph server', url: langgraphUrl, pid: langgraph.pid },
    ],
    stop: () => children.stop(),
  }
}

/** Packages of a peer, outside the workspace: they are no part of Askwire. */
async function install(folder: string, say: (line: string) => void): Promise<void> {
  if (existsSync(join(folder, 'node_modules/.modules.yaml'))) return
  say(`installing ${folder}`)
  const args = ['--yes', PNPM, 'install', '--ignore-scripts', '--no-lockfile']
  const [code] = await once(spawn('npx', args, { cwd: folder, stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new Error(`the packages of ${folder} could not be installed`)
}
