import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import amqp from 'amqplib'
import { Redis } from 'ioredis'
import pg from 'pg'
import { waitFor } from '../wait-for.ts'
import type { Instance } from './state.ts'
import { postgresUrl, rabbitManagementUrl, rabbitUrl, redisUrl } from './urls.ts'

const PROBE_TIMEOUT_MS = 2_000

/** Resolves when the server does real work for a client that knows its password; rejects within about 2 s else. */
export async function probe(instance: Instance): Promise<void> {
  switch (instance.kind) {
    case 'epmd':
      return await probePort(instance.ports.epmd!)
    case 'rabbit':
      return await probeRabbit(instance)
    case 'postgres':
      return await probePostgres(instance)
    case 'redis':
      return await probeRedis(instance)
  }
}

/** True when the server answers now. */
export async function answers(instance: Instance): Promise<boolean> {
  const answered = probe(instance).then(
    () => true,
    () => false,
  )
  const timer = new AbortController()
  const expired = sleep(2 * PROBE_TIMEOUT_MS, false, { signal: timer.signal }).catch(() => false)
  return await Promise.race([answered, expired]).finally(() => timer.abort())
}

/** Waits until the server answers. `gone` ends the wait early, with an error, once the process has died. */
export async function waitUntilAnswers(instance: Instance, timeoutMs: number, gone: () => boolean): Promise<void> {
  const settled = await waitFor(async () => (gone() ? 'gone' : (await answers(instance)) && 'up'), {
    timeoutMs,
    intervalMs: 50,
    what: `${instance.name} answering`,
  })
  if (settled === 'gone') throw new Error(`${instance.name} ended while starting`)
}

async function probePort(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy(new Error('time-out')))
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

async function probeRabbit(instance: Instance): Promise<void> {
  const connection = await amqp.connect(rabbitUrl(instance), { timeout: PROBE_TIMEOUT_MS })
  connection.on('error', () => {})
  await connection.close()
  await manage(rabbitManagementUrl(instance), 'GET', '/api/vhosts')
}

async function probePostgres(instance: Instance): Promise<void> {
  const client = new pg.Client({
    connectionString: postgresUrl(instance),
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select 1')
  } finally {
    await client.end()
  }
}

async function probeRedis(instance: Instance): Promise<void> {
  const client = new Redis(redisUrl(instance), {
    lazyConnect: true,
    connectTimeout: PROBE_TIMEOUT_MS,
    commandTimeout: PROBE_TIMEOUT_MS,
    retryStrategy: () => null,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}

/** One call to RabbitMQ's management API; rejects on any status but 2xx, at most 5 s. */
export async function manage(managementUrl: string, method: string, path: string, body?: unknown): Promise<Response> {
  const { origin, username, password } = new URL(managementUrl)
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    signal: AbortSignal.timeout(5_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`management ${method} ${path} answered ${response.status}`)
  return response
}
