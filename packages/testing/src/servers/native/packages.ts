import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Log, ServersUnavailable } from '../driver.ts'
import { runCommand } from '../run-command.ts'
import { DEFAULT_ROOT } from '../state.ts'

const POSTGRES_HOME = '/usr/lib/postgresql'
const INSTALL_TIMEOUT_MS = 15 * 60_000
const PROGRESS_EVERY_MS = 5_000

/** The newest installed PostgreSQL that has pgvector, else the newest installed. */
export function findPostgres(): { major: string; bin: string; hasVector: boolean } | undefined {
  const majors = existsSync(POSTGRES_HOME)
    ? readdirSync(POSTGRES_HOME).filter((name) => existsSync(join(POSTGRES_HOME, name, 'bin/postgres')))
    : []
  const found = majors
    .map((major) => ({
      major,
      bin: join(POSTGRES_HOME, major, 'bin'),
      hasVector: existsSync(`/usr/share/postgresql/${major}/extension/vector.control`),
    }))
    .sort((a, b) => Number(b.hasVector) - Number(a.hasVector) || Number(b.major) - Number(a.major))
  return found[0]
}

/** Installs what is missing of RabbitMQ, PostgreSQL with pgvector and Redis. Throws `ServersUnavailable` where it cannot. */
export async function installServers(log: Log): Promise<void> {
  const postgres = findPostgres()
  const missing = [
    ...(existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server') ? [] : ['rabbitmq-server']),
    ...(onPath('redis-server') ? [] : ['redis-server']),
    ...(postgres === undefined ? ['postgresql'] : []),
  ]
  if (missing.length > 0) await installPackages(missing, log)
  const installed = findPostgres()
  if (installed === undefined) throw new ServersUnavailable(`no PostgreSQL in ${POSTGRES_HOME} after the installation`)
  if (!installed.hasVector) await installVector(installed.major, log)
}

/** Installs Debian packages, in quiet and with the system's services left alone. Throws `ServersUnavailable` where it cannot. */
export async function installPackages(packages: readonly string[], log: Log): Promise<void> {
  log(`installing ${packages.join(' ')}`)
  const done = { fetched: 0, 'set up': 0 }
  const timer = setInterval(
    () => log(`  ${done.fetched} packages fetched, ${done['set up']} set up`),
    PROGRESS_EVERY_MS,
  )
  try {
    await runAsRoot('install-packages.sh', packages, (line) => {
      if (line.startsWith('Get:')) done.fetched++
      else if (line.startsWith('Setting up ')) done['set up']++
    })
  } finally {
    clearInterval(timer)
  }
}

async function installVector(major: string, log: Log): Promise<void> {
  const binaryPackage = `postgresql-${major}-pgvector`
  if (await isAvailable(binaryPackage)) return await installPackages([binaryPackage], log)
  // The server is named too: its headers and the server itself must be of one version.
  await installPackages(['build-essential', `postgresql-${major}`, `postgresql-server-dev-${major}`], log)
  log('building pgvector from its Debian source package')
  await runAsRoot('build-pgvector.sh', [major], () => {})
}

async function isAvailable(name: string): Promise<boolean> {
  const policy = await runCommand('apt-cache', ['policy', name], { timeoutMs: 30_000 })
  return /Candidate: (?!\(none\))/.test(policy)
}

async function runAsRoot(script: string, args: readonly string[], onLine: (line: string) => void): Promise<void> {
  const command = ['bash', join(DEFAULT_ROOT, 'infra/debian', script), ...args]
  if (!isDebian()) throw new ServersUnavailable('neither a Docker engine nor a Debian system to install servers on')
  const isRoot = process.getuid?.() === 0
  const line = isRoot ? command : ['sudo', '-n', ...command]
  if (!isRoot && !(await canSudo())) {
    throw new ServersUnavailable(`packages are missing; install them once with: sudo ${command.join(' ')}`)
  }
  try {
    await runCommand(line[0]!, line.slice(1), { timeoutMs: INSTALL_TIMEOUT_MS, onLine })
  } catch (error) {
    throw new ServersUnavailable(`installing failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
}

async function canSudo(): Promise<boolean> {
  return await runCommand('sudo', ['-n', 'true'], { timeoutMs: 5_000 }).then(
    () => true,
    () => false,
  )
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*\bdebian\b/m.test(readFileSync('/etc/os-release', 'utf8')) && onPath('apt-get')
  } catch {
    return false
  }
}

/** True when a program of this name is on the path or in one of Debian's folders for servers. */
export function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)))
}
