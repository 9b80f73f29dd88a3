import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

/**
 * Who may import whom. A room's manifest must name what it imports and no more than it may; and some libraries have one home,
 * so that there is one place to look and one place to change.
 */
const MAY_USE: Record<string, readonly string[]> = {
  contracts: [],
  runtime: ['contracts'],
  broker: ['contracts', 'runtime'],
  store: ['contracts', 'runtime'],
  cache: ['contracts', 'runtime'],
  runs: ['contracts', 'runtime', 'broker', 'cache', 'store'],
  models: ['contracts', 'runtime'],
  knowledge: ['contracts', 'runtime', 'store', 'models'],
  auth: ['contracts', 'runtime'],
  portability: ['contracts', 'runtime'],
  testing: ['contracts', 'runtime'],
  gateway: ['contracts', 'runtime', 'broker', 'store', 'cache', 'runs', 'auth', 'portability'],
  worker: ['contracts', 'runtime', 'broker', 'store', 'cache', 'runs', 'auth', 'portability'],
  agent: ['contracts', 'runtime', 'store', 'models', 'knowledge', 'auth'],
  standalone: [
    'contracts',
    'runtime',
    'broker',
    'store',
    'cache',
    'runs',
    'models',
    'knowledge',
    'gateway',
    'worker',
    'agent',
    'auth',
  ],
  web: ['contracts'],
}

const HOMES: Record<string, readonly string[]> = {
  amqplib: ['broker', 'testing'],
  pg: ['store', 'testing'],
  kysely: ['store'],
  '@electric-sql/pglite': ['store'],
  '@electric-sql/pglite-pgvector': ['store'],
  ioredis: ['cache', 'testing'],
  '@langchain/openai': ['models'],
  '@langchain/langgraph': ['agent'],
  '@langchain/langgraph-checkpoint-postgres': ['agent'],
  fastify: ['gateway', 'agent'],
  jose: ['auth'],
  '@node-rs/argon2': ['auth'],
  qrcode: ['auth'],
  'openid-client': ['auth'],
  nodemailer: ['gateway'],
  yauzl: ['portability'],
}

type Room = { name: string; folder: string; runtimeDeps: string[]; devDeps: string[]; files: string[] }

const ROOT = new URL('../../', import.meta.url).pathname
const rooms: Room[] = ['packages', 'services'].flatMap((group) =>
  readdirSync(join(ROOT, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readRoom(entry.name, join(ROOT, group, entry.name))),
)

function readRoom(name: string, folder: string): Room {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >
  const files = ['src', 'test'].flatMap((part) => sources(join(folder, part)))
  return {
    name,
    folder,
    runtimeDeps: Object.keys(manifest.dependencies ?? {}),
    devDeps: Object.keys(manifest.devDependencies ?? {}),
    files,
  }
}

function sources(folder: string): string[] {
  let entries: string[]
  try {
    entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return entries.filter((path) => /\.tsx?$/.test(path)).map((path) => join(folder, path))
}

const IMPORT = /^(?:import|export)\b[^'"]*?from '([^'.][^']*)'|^import '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm

function importsOf(file: string): string[] {
  const names = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  return names
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
}

const isTestFile = (file: string): boolean => file.endsWith('.test.ts') || /[\\/]test[\\/]/.test(file)

describe('rooms', () => {
  test('every room has a rule', () => {
    expect(rooms.map((room) => room.name).filter((name) => !(name in MAY_USE))).toEqual([])
  })

  test.each(rooms.map((room) => [room.name, room] as const))('%s uses only the rooms it may', (name, room) => {
    const allowed = new Set((MAY_USE[name] ?? []).map((other) => `@askwire/${other}`))
    const used = room.files
      .filter((file) => !isTestFile(file))
      .flatMap((file) => importsOf(file).map((target) => `${target} in ${file}`))
    const foreign = used.filter((use) => use.startsWith('@askwire/') && !allowed.has(use.split(' ')[0] ?? ''))
    expect(foreign).toEqual([])
    expect(room.runtimeDeps.filter((dep) => dep.startsWith('@askwire/') && !allowed.has(dep))).toEqual([])
  })

  test.each(rooms.map((room) => [room.name, room] as const))(
    '%s names in its manifest what it imports',
    (_name, room) => {
      const missing = room.files.flatMap((file) => {
        const known = isTestFile(file)
          ? [...room.runtimeDeps, ...room.devDeps, '@jest/globals', `@askwire/${room.name}`]
          : [...room.runtimeDeps, ...(room.name === 'web' ? room.devDeps : [])]
        return importsOf(file)
          .filter((target) => !known.includes(target))
          .map((target) => `${target} in ${file}`)
      })
      expect(missing).toEqual([])
    },
  )

  test('libraries stay in their homes', () => {
    const strays = rooms.flatMap((room) =>
      room.files
        .filter((file) => !isTestFile(file))
        .flatMap((file) => importsOf(file).map((target) => ({ target, file })))
        .filter(({ target }) => HOMES[target] && !HOMES[target].includes(room.name))
        .map(({ target, file }) => `${target} in ${file}`),
    )
    expect(strays).toEqual([])
  })

  test('the environment is read only where configuration is', () => {
    const readers = rooms
      .flatMap((room) => room.files)
      .filter((file) => !isTestFile(file) && !/[\\/]testing[\\/]/.test(file) && !file.endsWith('config.ts'))
      .filter((file) => /process\.env/.test(readFileSync(file, 'utf8')))
    expect(readers).toEqual([])
  })
})
