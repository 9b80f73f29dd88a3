import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import amqp from 'amqplib'
import { Redis } from 'ioredis'
import pg from 'pg'
import {
  type ServerControl,
  serversOrSkip,
  startPostgres,
  startRabbit,
  startRedis,
  startServers,
  waitFor,
} from '../src/index.ts'
import { DEFAULT_ROOT, serversFolder } from '../src/servers/state.ts'

const servers = serversOrSkip()
const TIMEOUT_MS = 120_000

describe('the clone’s servers', () => {
  test('starting them again takes those that run', async () => {
    const before = servers.pids
    const again = await startServers()
    expect(again.pids).toEqual(before)
    expect(again.postgresUrl).toBe(servers.postgresUrl)
  })

  test('their passwords are readable by their owner alone', () => {
    const file = join(serversFolder(DEFAULT_ROOT), 'state.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const passwords = [servers.rabbitUrl, servers.postgresUrl, servers.redisUrl].map((url) => new URL(url).password)
    for (const password of passwords) expect(readFileSync(file, 'utf8')).toContain(password)
    expect(new Set(passwords).size).toBe(3)
  })

  test(
    'rabbitmqctl speaks to our broker',
    async () => {
      expect(await servers.rabbit.ctl(['list_users', '--silent'])).toMatch(/^askwire\s+\[administrator\]$/m)
    },
    TIMEOUT_MS,
  )
})

describe('an additional server', () => {
  const started: ServerControl[] = []
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.remove()))
  }, TIMEOUT_MS)

  async function keep<T extends ServerControl>(server: Promise<T>): Promise<T> {
    started.push(await server)
    return await server
  }

  test(
    'RabbitMQ, killed, comes back with what it had confirmed',
    async () => {
      const rabbit = await keep(startRabbit({ name: 'kill' }))
      expect(rabbit.pid).not.toBe(servers.rabbit.pid)
      const connection = await amqp.connect(rabbit.url)
      const lost = new Promise((resolve) => connection.once('close', resolve))
      connection.on('error', () => {})
      const channel = await connection.createConfirmChannel()
      channel.on('error', () => {})
      await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
      channel.sendToQueue('kept', Buffer.from('still here'), { persistent: true })
      await channel.waitForConfirms()
      await rabbit.persistQueues()
      const before = rabbit.pid
      await rabbit.kill('SIGKILL')
      await lost
      expect(await rabbit.answers()).toBe(false)
      await waitFor(() => servers.rabbit.answers(), { what: 'the other one to answer' })
      await rabbit.start()
      expect(rabbit.pid).not.toBe(before)
      const again = await amqp.connect(rabbit.url)
      const reader = await again.createChannel()
      // A consumer, because it waits for the queue's leader where a single `get` would fail.
      const first = await new Promise((resolve) => void reader.consume('kept', resolve, { noAck: true }))
      expect(first).toMatchObject({ content: Buffer.from('still here') })
      await again.close()
    },
    TIMEOUT_MS,
  )

  test(
    'PostgreSQL, killed or stopped at once, comes back with what was committed',
    async () => {
      const postgres = await keep(startPostgres({ name: 'kill' }))
      const run = async (sql: string): Promise<unknown[]> => {
        const client = new pg.Client({ connectionString: postgres.url })
        client.on('error', () => {})
        await client.connect()
        return await client
          .query(sql)
          .then(({ rows }) => rows)
          .finally(() => client.end())
      }
      await run('create table kept (n int)')
      await run('insert into kept values (1)')
      await postgres.kill('SIGKILL')
      await expect(run('select 1')).rejects.toThrow()
      await postgres.start()
      await run('insert into kept values (2)')
      await postgres.stop('immediate')
      expect(await postgres.answers()).toBe(false)
      await postgres.start()
      expect(await run('select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }])
    },
    TIMEOUT_MS,
  )

  test(
    'Redis, frozen, answers no more and goes on when woken',
    async () => {
      const redis = await keep(startRedis({ name: 'freeze' }))
      const client = new Redis(redis.url)
      client.on('error', () => {})
      await client.set('kept', 'yes')
      await redis.kill('SIGSTOP')
      expect(await redis.answers()).toBe(false)
      await redis.kill('SIGCONT')
      expect(await client.get('kept')).toBe('yes')
      await redis.stop()
      await redis.start()
      expect(await client.get('kept')).toBe('yes')
      client.disconnect()
    },
    TIMEOUT_MS,
  )
})
