import {
  createDatabase,
  createRedisDatabase,
  createVhost,
  type PostgresServer,
  type RabbitServer,
  type RedisServer,
  type Servers,
  startPostgres,
  startRabbit,
  startRedis,
} from '../servers/index.ts'

/** Where a cluster's data lives. The controls belong to it alone only where `own` said so: never spoil a shared server. */
export type ClusterServers = {
  readonly databaseUrl: string
  readonly rabbitUrl: string
  readonly redisUrl: string
  readonly postgres: PostgresServer
  readonly rabbit: RabbitServer
  readonly redis: RedisServer
  readonly vhost: string
  remove(): Promise<void>
}

export type OwnServers = { rabbit?: boolean; postgres?: boolean; redis?: boolean }

/** Spaces on the shared servers, or servers of one's own for those that a fault will stop or spoil. */
export async function openClusterServers(shared: Servers, name: string, own: OwnServers): Promise<ClusterServers> {
  const [rabbit, postgres, redis] = await Promise.all([
    own.rabbit ? startRabbit({ name }) : shared.rabbit,
    own.postgres ? startPostgres({ name }) : shared.postgres,
    own.redis ? startRedis({ name }) : shared.redis,
  ])
  const [database, vhost, cache] = await Promise.all([
    createDatabase({ postgres }),
    createVhost({ rabbit }),
    createRedisDatabase({ redis }),
  ])
  return {
    databaseUrl: database.url,
    rabbitUrl: vhost.url,
    redisUrl: cache.url,
    vhost: vhost.vhost,
    postgres,
    rabbit,
    redis,
    remove: async () => {
      await Promise.all([
        own.rabbit ? rabbit.remove() : vhost.drop(),
        own.postgres ? postgres.remove() : database.drop(),
        own.redis ? redis.remove() : cache.drop(),
      ])
    },
  }
}
