import { existsSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { createPasswords, newSecret } from '../packages/auth/src/index.ts'
import { AppError, email as emailSchema, line, newId, newPassword } from '../packages/contracts/src/index.ts'
import {
  ensureBuiltInOwner,
  listAccounts,
  migrate,
  openStore,
  registerAccount,
  resetByOperator,
  type Store,
} from '../packages/store/src/index.ts'

const USAGE = `usage: npm run accounts -- <command> [options]

Accounts, for operators. Reads ASKWIRE_DATABASE_URL, or the folder of a standalone process that is not running.

  list                    accounts, oldest first
  create-admin            a new admin of the first tenant; the first account of all owns the installation
    --email <address>
    --name <text>           default: what stands before the @
    --owner                 it owns the installation too
  reset-password          a new password; ends all logins of the account
    --email <address>
    --drop-mfa              takes its second factor away too

  --password-stdin        read the password from standard input; without it one is made and printed, once
  --data-dir <folder>     the folder of a standalone process
  --help                  this text`

const FACTS = { address: 'operator', agent: 'npm run accounts' }
const MAX_LISTED = 10_000

/** Names are text that somebody typed: nothing of it may steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}

function check<T>(
  name: string,
  parsed: { success: true; data: T } | { success: false; error: { issues: { message: string }[] } },
): T {
  if (parsed.success) return parsed.data
  throw new AppError('invalid_request', `${name}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`)
}

async function openAccounts(dataDir: string | undefined): Promise<Store> {
  if (dataDir !== undefined) {
    if (!existsSync(dataDir)) throw new AppError('not_found', `there is no folder ${dataDir}`)
    const store = await openStore({ dataDir })
    await migrate(store)
    return store
  }
  const url = process.env.ASKWIRE_DATABASE_URL
  if (url === undefined || url === '') throw new AppError('invalid_request', 'give ASKWIRE_DATABASE_URL or --data-dir')
  return await openStore({ url, maxConnections: 2, acquireTimeoutMs: 10_000 })
}

/** The password to set, and whether it was made here and has to be told. */
async function readPassword(fromInput: boolean): Promise<{ password: string; made: boolean }> {
  if (!fromInput) return { password: newSecret('').slice(0, 24), made: true }
  const typed = (await readAll(process.stdin)).replace(/\r?\n$/, '')
  return { password: check('password', newPassword.safeParse(typed)), made: false }
}

async function list(store: Store): Promise<void> {
  for (const row of await listAccounts(store, MAX_LISTED)) {
    const marks = [row.owner && 'owner', row.disabledAt && 'disabled', row.totpEnabledAt && 'mfa'].filter(Boolean)
    const seen = row.lastSeenAt?.toISOString() ?? 'never'
    const words = [row.id, row.email ?? '-', row.name, row.role, row.tenant, seen, marks.join(',') || '-']
    console.log(words.map(printable).join('  '))
  }
}

async function createAdmin(store: Store, who: { email: string; name: string; owner: boolean }, hash: string) {
  await ensureBuiltInOwner(store)
  const registration = { ...who, passwordHash: hash, mode: 'operator' } as const
  const { scope, first } = await registerAccount(store, registration, { ...FACTS, requestId: newId() })
  console.log(`${who.email} is an admin${first || who.owner ? ' and owns the installation' : ''} (${scope.userId})`)
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      email: text,
      name: text,
      'data-dir': text,
      owner: flag,
      'drop-mfa': flag,
      'password-stdin': flag,
      help: flag,
    },
  })
  const [command] = positionals
  if (values.help === true || command === undefined || !['list', 'create-admin', 'reset-password'].includes(command)) {
    console.log(USAGE)
    return values.help === true ? 0 : 1
  }
  const email = command === 'list' ? '' : check('--email', emailSchema.safeParse(values.email))
  const name = check('--name', line(100).safeParse(values.name ?? (email.split('@')[0] || '-')))
  const secret = command === 'list' ? undefined : await readPassword(values['password-stdin'] ?? false)
  const store = await openAccounts(values['data-dir'])
  try {
    if (!secret) {
      await list(store)
      return 0
    }
    const passwordHash = await createPasswords().hash(secret.password)
    if (command === 'create-admin') {
      await createAdmin(store, { email, name, owner: values.owner ?? false }, passwordHash)
    } else {
      const change = { passwordHash, dropFactor: values['drop-mfa'] ?? false }
      const scope = await resetByOperator(store, email, change, { ...FACTS, requestId: newId() })
      if (!scope) throw new AppError('not_found', `nobody has an account with ${email}`)
      console.log(`${email} has a new password; all logins have ended`)
    }
    if (secret.made) console.log(`password: ${secret.password}`)
    return 0
  } finally {
    await store.close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`accounts: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
