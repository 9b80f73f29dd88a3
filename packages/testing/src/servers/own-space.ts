import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { manage } from './probe.ts'
import type { PostgresServer, RabbitServer, RedisServer } from './server-control.ts'

const DUPLICATE_DATABASE = '42P04'

/** A place on a shared server that belongs to one test file; `drop` it in `afterAll`. */
export type OwnSpace = { readonly url: string; drop(): Promise<void> }

/** A database of one's own; `create extension vector` works in it. Dropping ends what is still connected. */
export async function createDatabase({ postgres }: { postgres: Pick<PostgresServer, 'url'> }): Promise<OwnSpace> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onPostgres(postgres.url, `create database ${name}`)
  const url = new URL(postgres.url)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => await onPostgres(postgres.url, `drop database if exists ${name} with (force)`),
  }
}

/** The url of the database of this name, which is made if there is none: for what outlives one run. */
export async function openDatabase(
  { postgres }: { postgres: Pick<PostgresServer, 'url'> },
  name: string,
): Promise<string> {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`not a plain database name: ${name}`)
  await onPostgres(postgres.url, `create database ${name}`).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError && error.code === DUPLICATE_DATABASE)) throw error
  })
  const url = new URL(postgres.url)
  url.pathname = `/${name}`
  return url.href
}

/** A vhost of one's own. Dropping it closes its connections and deletes its queues. */
export async function createVhost({
  rabbit,
}: {
  rabbit: Pick<RabbitServer, 'url' | 'managementUrl'>
}): Promise<OwnSpace & { readonly vhost: string }> {
  const vhost = `test-${randomBytes(6).toString('hex')}`
  const url = new URL(rabbit.url)
  await manage(rabbit.managementUrl, 'PUT', `/api/vhosts/${vhost}`)
  const everything = { configure: '.*', write: '.*', read: '.*' }
  await manage(rabbit.managementUrl, 'PUT', `/api/permissions/${vhost}/${url.username}`, everything)
  url.pathname = `/${vhost}`
  return {
    vhost,
    url: url.href,
    drop: async () => {
      await manage(rabbit.managementUrl, 'DELETE', `/api/vhosts/${vhost}`)
    },
  }
}

const REDIS_DATABASES = 1024

/** An empty Redis database of one's own (pub/sub is not separated). Its number comes round again after 1023 others. */
export async function createRedisDatabase({ redis }: { redis: Pick<RedisServer, 'url'> }): Promise<OwnSpace> {
  const number = await onRedis(
    redis.url,
    async (client) => 1 + ((await client.incr('last-test-database')) % (REDIS_DATABASES - 1)),
  )
  const url = new URL(redis.url)
  url.pathname = `/${number}`
  const empty = async (): Promise<void> => {
    await onRedis(url.href, async (client) => await client.flushdb())
  }
  await empty()
  return { url: url.href, drop: empty }
}

async function onPostgres(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 30_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function onRedis<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, commandTimeout: 5_000, retryStrategy: () => null })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    client.disconnect()
  }
}
