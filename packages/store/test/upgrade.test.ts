import { randomBytes } from 'node:crypto'
import { asScope, ensureBuiltInOwner, migrate, openStore, type Store } from '@askwire/store'
import { createDatabase, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import pg from 'pg'
import { describeUpgrade } from './suites/upgrade.suite.ts'

const servers = serversOrSkip()
/** No stall of a busy machine comes near it. */
const PATIENT = { acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 }
const databases: { drop(): Promise<void> }[] = []

afterAll(async () => {
  for (const database of databases) await database.drop()
}, 30_000)

async function create(): Promise<string> {
  const database = await createDatabase(servers)
  databases.push(database)
  return database.url
}

describeUpgrade('PostgreSQL', async () => openStore({ url: await create(), ...PATIENT }))

describe('a login role that is no superuser', () => {
  const role = `login_${randomBytes(6).toString('hex')}`
  let superuser: Store
  let url: URL
  beforeAll(async () => {
    // The role of the policies exists on this server from here on, as when its administrator has made it beforehand.
    superuser = await openStore({ url: await create(), ...PATIENT })
    await migrate(superuser)
    url = new URL(await create())
    const name = url.pathname.slice(1)
    await superuser.pool.query(`create role ${role} login password 'test'`)
    await superuser.pool.query(`alter database ${name} owner to ${role}`)
    Object.assign(url, { username: role, password: 'test' })
    // Making an extension may take more rights than a login role has.
    const admin = new pg.Client({ connectionString: urlOf(name) })
    await admin.connect()
    await admin.query('create extension if not exists vector')
    await admin.end()
  }, 30_000)
  afterAll(async () => {
    for (const database of databases.splice(0)) await database.drop().catch(() => undefined)
    await superuser.close()
    const admin = new pg.Client({ connectionString: servers.postgres.url })
    await admin.connect()
    await admin.query(`drop role if exists ${role}`)
    await admin.end()
  }, 30_000)

  const urlOf = (name: string): string => Object.assign(new URL(servers.postgres.url), { pathname: `/${name}` }).href

  test('is told what its administrator has to do, and nothing is kept', async () => {
    const store = await openStore({ url: url.href, ...PATIENT })
    await expect(migrate(store)).rejects.toThrow('grant askwire_app to')
    const { rows } = await sql`select to_regclass('users') as users`.execute(store.db)
    expect(rows).toEqual([{ users: null }])
    await store.close()
  })

  test('migrates and works once it has been given the role of the policies', async () => {
    await superuser.pool.query(`grant askwire_app to ${role}`)
    const store = await openStore({ url: url.href, ...PATIENT })
    await migrate(store)
    const owner = await ensureBuiltInOwner(store)
    const { rows } = await sql`select current_user as who, (select count(*)::int from users) as users`.execute(
      asScope(store, owner),
    )
    expect(rows).toEqual([{ who: 'askwire_app', users: 1 }])
    await store.close()
  })
})
