import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ServersUnavailable } from '../driver.ts'
import { findProcess } from '../process-ref.ts'
import { runCommand } from '../run-command.ts'
import type { Instance, State } from '../state.ts'
import { POSTGRES_USER } from '../urls.ts'
import { findPostgres } from './packages.ts'
import { instanceFolder, type ServerProgram, writePrivateFile } from './server-program.ts'

const INITDB_TIMEOUT_MS = 120_000

export const postgres: ServerProgram = {
  prepare: async (state, instance, user) => {
    const { bin, data } = locate(state, instance)
    if (existsSync(join(data, 'askwire-ready'))) return removeLockOfZombie(data)
    rmSync(data, { recursive: true, force: true })
    const passwordFile = join(instanceFolder(state, instance), 'password')
    writePrivateFile(passwordFile, instance.password, user)
    const args = ['-D', data, '-U', POSTGRES_USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
    try {
      await runCommand(join(bin, 'initdb'), [...args, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], {
        ...user,
        cwd: instanceFolder(state, instance),
        timeoutMs: INITDB_TIMEOUT_MS,
      })
    } finally {
      rmSync(passwordFile)
    }
    // Written last: an interrupted initdb is done again.
    writePrivateFile(join(data, 'askwire-ready'), '', user)
  },
  launch: (state, instance) => {
    const { bin, data } = locate(state, instance)
    const settings = {
      port: instance.ports.postgres,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 300,
      shared_buffers: '256MB',
      maintenance_work_mem: '256MB',
      timezone: 'UTC',
      log_timezone: 'UTC',
    }
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return { command: join(bin, 'postgres'), args: ['-D', data, ...options], env: {} }
  },
  stopSignals: { fast: 'SIGINT', immediate: 'SIGQUIT' },
}

/**
 * PostgreSQL takes a killed predecessor that nobody has reaped (in a container whose first process does not) for a
 * running one, and would not start.
 */
function removeLockOfZombie(data: string): void {
  const lock = join(data, 'postmaster.pid')
  if (!existsSync(lock)) return
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0])
  if (existsSync(`/proc/${pid}`) && findProcess(pid) === undefined) rmSync(lock)
}

function locate(state: State, instance: Instance): { bin: string; data: string } {
  const installed = findPostgres()
  if (installed === undefined) throw new ServersUnavailable('PostgreSQL is not installed')
  // Data of one major version cannot be read by another.
  return { bin: installed.bin, data: join(instanceFolder(state, instance), `data-${installed.major}`) }
}
