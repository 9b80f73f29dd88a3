import { createLogger } from '@askwire/runtime'
import { createRedisDatabase, type OwnSpace, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll } from '@jest/globals'
import { Redis } from 'ioredis'

/** Silent, for what a test opens. */
export const logger = createLogger({ name: 'test', level: 'silent' })

/** A database of the real Redis for the tests of one file, and a plain client of it. Both are there once the tests run. */
export function ownRedis(): { readonly url: string; readonly admin: Redis } {
  const servers = serversOrSkip()
  let space: OwnSpace
  let admin: Redis
  beforeAll(async () => {
    space = await createRedisDatabase(servers)
    admin = new Redis(space.url)
  })
  afterAll(async () => {
    admin?.disconnect()
    await space?.drop()
  })
  return {
    get url() {
      return space.url
    },
    get admin() {
      return admin
    },
  }
}
