import { readFileSync } from 'node:fs'
import pg from 'pg'
import { migrate, openStore, asScope, ensureBuiltInOwner, withScope, getRun } from '@askwire/store'
import { sql } from 'kysely'
const state = JSON.parse(readFileSync('.servers/state.json', 'utf8'))
const p: any = Object.values(state.instances).find((i: any) => i.kind === 'postgres' && i.running)
const url = `postgres://askwire:${p.password}@127.0.0.1:${Object.values(p.ports)[0]}/postgres`
const admin = new pg.Client({ connectionString: url }); await admin.connect()
for (const { datname } of (await admin.query("select datname from pg_database where datname like 'test\\_%' or datname='g3x'")).rows) await admin.query(`drop database ${datname} with (force)`)
await admin.query('drop role if exists askwire_app'); await admin.query('drop role if exists g3x')
await admin.query("create role g3x login createrole password 'x'"); await admin.query('create database g3x owner g3x')
const a2 = new pg.Client({ connectionString: url.replace('/postgres', '/g3x') }); await a2.connect(); await a2.query('create extension vector'); await a2.end()
const store = await openStore({ url: url.replace('askwire:' + p.password, 'g3x:x').replace('/postgres', '/g3x') })
try {
await migrate(store)
const o = await ensureBuiltInOwner(store)
console.log((await sql`select current_user as who, version()`.execute(asScope(store, o))).rows)
console.log((await sql`select rolname, rolcreaterole from pg_roles where rolname in ('askwire_app','g3x')`.execute(store.db)).rows)
// round trips and speed

const q = (db: any) => sql`select id from users where id = ${o.userId}`.execute(db)
const corked = { ...store, clients: { ...store.clients, connect: async () => { const c = await store.clients.connect(); return c } } }
const works: Record<string, () => Promise<unknown>> = { bare: () => q(store.db), asScope: () => q(asScope(store, o)), withScope: () => withScope(store, o, q), transaction: () => store.db.transaction().execute(q) }
const times: Record<string, number[]> = {}
for (let i = 0; i < 3000; i++) for (const [name, work] of Object.entries(works)) { const t = performance.now(); await work(); (times[name] ??= []).push(performance.now() - t) }
for (const [name, t] of Object.entries(times)) { t.sort((a, b) => a - b); console.log(name, 'p50', t[1500]!.toFixed(3), 'p10', t[300]!.toFixed(3)) }
} finally { await store.close(); await admin.query('drop database g3x with (force)'); await admin.query('drop role g3x'); await admin.query('drop role askwire_app').catch((e) => console.log(e.message)); await admin.end() }
