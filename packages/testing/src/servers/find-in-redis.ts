import { Redis } from 'ioredis'

/** The keys of a Redis database whose name or content holds a text. Throws for a type it does not know how to read. */
export async function findInRedis(url: string, text: string): Promise<string[]> {
  const redis = new Redis(url)
  try {
    const found: string[] = []
    for (const key of await redis.keys('*')) if (`${key} ${await contentOf(redis, key)}`.includes(text)) found.push(key)
    return found
  } finally {
    redis.disconnect()
  }
}

async function contentOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key)
  switch (type) {
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'))
    case 'string':
      return (await redis.get(key)) ?? ''
    case 'hash':
      return JSON.stringify(await redis.hgetall(key))
    case 'zset':
      return JSON.stringify(await redis.zrange(key, '0', '-1'))
    case 'none':
      return ''
    default:
      throw new Error(`cannot look into a ${type}`)
  }
}
