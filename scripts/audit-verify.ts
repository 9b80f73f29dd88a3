import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { auditKeys } from '../packages/auth/src/index.ts'
import { AppError, uuid } from '../packages/contracts/src/index.ts'
import { openStore, type Store, type TenantAudit, verifyAudit } from '../packages/store/src/index.ts'

const USAGE = `usage: npm run audit:verify -- [options]

Verifies that what was recorded has not been tampered with, tenant by tenant. Exit code 0: whole, 1: broken or not possible.
Reads ASKWIRE_DATABASE_URL, or the folder of a standalone process that is not running; and ASKWIRE_AUTH_SECRET, which
in such a folder is the file auth-secret. ASKWIRE_AUTH_SECRET_PREVIOUS verifies what an earlier secret sealed.

  --data-dir <folder>  the folder of a standalone process
  --tenant <id>        one tenant only
  --json               print JSON
  --help               this text

The last two columns are the newest entry in the chain and its hash. Kept elsewhere, they show later that nothing before has
been put back to an older copy: that entry must still have that hash.`

const setting = (name: string): string | undefined => process.env[name] || undefined

function readSecret(dataDir: string | undefined): string {
  const secret = setting('ASKWIRE_AUTH_SECRET')
  if (secret !== undefined) return secret
  if (dataDir === undefined) throw new AppError('invalid_request', 'ASKWIRE_AUTH_SECRET is not set')
  return readFileSync(join(dataDir, 'auth-secret'), 'utf8').trim()
}

async function openRecord(dataDir: string | undefined): Promise<Store> {
  if (dataDir !== undefined) return await openStore({ dataDir })
  const url = setting('ASKWIRE_DATABASE_URL')
  if (url === undefined) throw new AppError('invalid_request', 'give ASKWIRE_DATABASE_URL or --data-dir')
  return await openStore({ url, maxConnections: 1, acquireTimeoutMs: 10_000 })
}

/** Nothing of it is text that somebody typed. */
function lineOf({ tenantId, ok, checked, unsealed, problem, brokenAt, head }: TenantAudit): string {
  const at = brokenAt === null ? '' : ` at ${brokenAt}`
  const state = ok ? 'whole' : `BROKEN: ${problem}${at}`
  return [tenantId, state, `${checked} checked`, `${unsealed} not sealed yet`, head.seq, head.hash || '-'].join('  ')
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      tenant: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    console.log(USAGE)
    return 0
  }
  const tenant = values.tenant === undefined ? undefined : uuid.safeParse(values.tenant)
  if (tenant?.success === false) throw new AppError('invalid_request', '--tenant must be an id')
  const dataDir = values['data-dir']
  const keys = auditKeys(readSecret(dataDir), setting('ASKWIRE_AUTH_SECRET_PREVIOUS'))
  const store = await openRecord(dataDir)
  try {
    const verified = await verifyAudit(store, keys, { tenantId: tenant?.data })
    if (tenant && verified.tenants.length === 0) throw new AppError('not_found', 'there is no such tenant')
    if (values.json === true) console.log(JSON.stringify(verified, null, 2))
    else for (const one of verified.tenants) console.log(lineOf(one))
    return verified.ok ? 0 : 1
  } finally {
    await store.close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`audit:verify: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
