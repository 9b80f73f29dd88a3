import { parseArgs } from 'node:util'
import {
  readServers,
  type Servers,
  ServersUnavailable,
  startServers,
  stopServers,
} from '../packages/testing/src/servers/index.ts'

const USAGE = `usage: npm run servers:up | servers:down, or node scripts/run.mjs scripts/servers.ts <command>
  up              start RabbitMQ, PostgreSQL with pgvector and Redis of this clone, and print their urls
  down            stop them; their data stays in .servers/
  status          print their urls; exit code 1 when they do not run
  --passwords     print the urls with their passwords`

/** Tells "cannot be had here" from "failed". */
const EXIT_UNAVAILABLE = 3
const startedAt = performance.now()

function log(line: string): void {
  console.error(`servers: ${line}`)
}

function printUrls(servers: Servers, passwords: boolean): void {
  const urls = {
    RabbitMQ: servers.rabbitUrl,
    'its management page': servers.rabbitManagementUrl,
    PostgreSQL: servers.postgresUrl,
    Redis: servers.redisUrl,
  }
  for (const [name, url] of Object.entries(urls)) {
    console.log(`${name.padEnd(20)} ${passwords ? url : url.replace(/:[^:/@]*@/, ':***@')}`)
  }
}

async function run(command: string | undefined, passwords: boolean): Promise<number> {
  switch (command) {
    case 'up':
      printUrls(await startServers({ log }), passwords)
      log(`up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
      return 0
    case 'down':
      await stopServers({ log })
      return 0
    case 'status': {
      const servers = readServers()
      if (servers === undefined) log('not running')
      else printUrls(servers, passwords)
      return servers === undefined ? 1 : 0
    }
    default:
      console.error(USAGE)
      return command === undefined ? 0 : 1
  }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { passwords: { type: 'boolean', default: false } },
})
try {
  process.exitCode = await run(positionals[0], values.passwords)
} catch (error) {
  if (!(error instanceof ServersUnavailable)) throw error
  log(`unavailable: ${error.message}`)
  process.exitCode = EXIT_UNAVAILABLE
}
