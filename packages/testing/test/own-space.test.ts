import { afterAll, describe, expect, test } from '@jest/globals'
import amqp from 'amqplib'
import { Redis } from 'ioredis'
import pg from 'pg'
import {
  createDatabase,
  createRedisDatabase,
  createVhost,
  type OwnSpace,
  openDatabase,
  serversOrSkip,
} from '../src/index.ts'

const servers = serversOrSkip()

describe('own spaces', () => {
  const spaces: OwnSpace[] = []
  afterAll(async () => {
    await Promise.all(spaces.map((space) => space.drop()))
  })

  async function keep<T extends OwnSpace>(space: Promise<T>): Promise<T> {
    spaces.push(await space)
    return await space
  }

  async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return await client
      .query(sql)
      .then(({ rows }) => rows)
      .finally(() => client.end())
  }

  test('a database has pgvector and shares nothing with another', async () => {
    const [mine, other] = await Promise.all([keep(createDatabase(servers)), keep(createDatabase(servers))])
    await query(mine.url, 'create extension vector')
    await query(mine.url, 'create table notes (embedding vector(2))')
    expect(await query(mine.url, "select '[1,0]'::vector <=> '[0,1]' as distance")).toEqual([{ distance: 1 }])
    expect(await query(other.url, "select to_regclass('notes') as notes")).toEqual([{ notes: null }])
  })

  test('a dropped database is gone, whoever is connected', async () => {
    const mine = await createDatabase(servers)
    const client = new pg.Client({ connectionString: mine.url })
    const lost = new Promise<Error>((resolve) => client.on('error', resolve))
    await client.connect()
    await mine.drop()
    expect((await lost).message).toMatch(/terminat/)
    await expect(query(mine.url, 'select 1')).rejects.toThrow('does not exist')
  })

  test('a named database is made once', async () => {
    const url = await openDatabase(servers, 'test_named')
    try {
      expect(await openDatabase(servers, 'test_named')).toBe(url)
      expect(await query(url, 'select current_database() as name')).toEqual([{ name: 'test_named' }])
    } finally {
      await query(servers.postgresUrl, 'drop database test_named with (force)')
    }
  })

  test('a vhost shares no queue with another, and dropping it deletes its queues', async () => {
    const [mine, other] = await Promise.all([createVhost(servers), keep(createVhost(servers))])
    const here = await amqp.connect(mine.url)
    const channel = await here.createChannel()
    await channel.assertQueue('orders', { durable: true })
    const there = await amqp.connect(other.url)
    const elsewhere = await there.createChannel()
    elsewhere.on('error', () => {})
    await expect(elsewhere.checkQueue('orders')).rejects.toThrow('NOT_FOUND')
    await there.close()
    await here.close()
    await mine.drop()
    await expect(amqp.connect(mine.url)).rejects.toThrow()
  })

  test('a Redis database starts empty and shares no key with another', async () => {
    const [mine, other] = await Promise.all([keep(createRedisDatabase(servers)), keep(createRedisDatabase(servers))])
    const [here, there] = [new Redis(mine.url), new Redis(other.url)]
    try {
      expect(await here.dbsize()).toBe(0)
      await here.set('greeting', 'hello')
      expect(await there.get('greeting')).toBeNull()
      await mine.drop()
      expect(await here.dbsize()).toBe(0)
    } finally {
      here.disconnect()
      there.disconnect()
    }
  })

  test('no server lets anyone in without the password', async () => {
    const [rabbit, postgres, redis] = [servers.rabbitUrl, servers.postgresUrl, servers.redisUrl].map(
      (url) => new URL(url),
    )
    for (const url of [rabbit!, postgres!, redis!]) url.password = 'guest'
    rabbit!.username = 'guest'
    await expect(amqp.connect(rabbit!.href)).rejects.toThrow('ACCESS_REFUSED')
    await expect(query(postgres!.href, 'select 1')).rejects.toThrow('password authentication failed')
    const client = new Redis(redis!.href, { lazyConnect: true, retryStrategy: () => null })
    client.on('error', () => {})
    await expect(client.ping()).rejects.toThrow()
    client.disconnect()
  })
})
