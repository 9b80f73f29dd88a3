import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ServerKind, serversFolder } from '../state.ts'

export type RunAs = { uid: number; gid: number }

// The accounts that Debian's packages create. PostgreSQL refuses to run as root, and the others need not.
const ACCOUNTS: Record<ServerKind, string> = {
  epmd: 'rabbitmq',
  rabbit: 'rabbitmq',
  postgres: 'postgres',
  redis: 'redis',
}

/** The account a server runs as: Debian's own for it when we are root, else ours (`undefined`). */
export function runAs(kind: ServerKind): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  const account = ACCOUNTS[kind]
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === account) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error(`this machine has no account named ${account}`)
}

/**
 * The folder for the servers' data: `.servers` of the clone, unless the clone lies where the servers' own accounts may
 * not go (a private home or temporary folder of root); then a folder of the machine's `/var/tmp`.
 */
export function chooseDataRoot(root: string, id: string): string {
  const preferred = serversFolder(root)
  mkdirSync(preferred, { recursive: true })
  const reachable = (['postgres', 'rabbit', 'redis'] as const).every((kind) => {
    const user = runAs(kind)
    return user === undefined || spawnSync('test', ['-x', preferred], { ...user, cwd: '/' }).status === 0
  })
  if (reachable) return preferred
  const fallback = join('/var/tmp', `askwire-servers-${id}`)
  mkdirSync(fallback, { recursive: true })
  chmodSync(fallback, 0o711)
  return fallback
}

/** Makes a folder that only the server's account may read. */
export function makePrivateFolder(path: string, user: RunAs | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}
