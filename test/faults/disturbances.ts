import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Random, ServiceProcess } from '@askwire/testing'

/** Something that goes wrong while a load runs, and is over when `provoke` resolves. */
export type Disturbance = { readonly name: string; provoke(cluster: Cluster, random: Random): Promise<void> }

const seconds = (random: Random, from: number, to: number): Promise<void> =>
  sleep(random.between(from * 1000, to * 1000))

async function killed(service: ServiceProcess, random: Random): Promise<void> {
  await service.signal('SIGKILL')
  await seconds(random, 0, 3)
  await service.start()
}

async function redeployed(service: ServiceProcess): Promise<void> {
  await service.signal('SIGTERM')
  await service.ended(30_000)
  await service.start()
}

async function frozen(service: ServiceProcess, random: Random, from: number, to: number): Promise<void> {
  await service.signal('SIGSTOP')
  await seconds(random, from, to)
  await service.signal('SIGCONT')
}

async function cut(cluster: Cluster, name: string, random: Random): Promise<void> {
  const cable = cluster.brokerCable.get(name)
  if (!cable) throw new Error(`${name} has no cable to the broker`)
  cable.mode = 'blackhole'
  await seconds(random, 2, 15)
  cable.mode = 'pass'
}

/** What a chaos run draws from. All but the restarts of servers hit one process at a time. */
export const DISTURBANCES: readonly Disturbance[] = [
  { name: 'worker killed', provoke: (cluster, random) => killed(random.pick(cluster.workers), random) },
  { name: 'gateway killed', provoke: (cluster, random) => killed(random.pick(cluster.gateways), random) },
  { name: 'agent killed', provoke: (cluster, random) => killed(random.pick(cluster.agents), random) },
  { name: 'worker redeployed', provoke: (cluster, random) => redeployed(random.pick(cluster.workers)) },
  { name: 'gateway redeployed', provoke: (cluster, random) => redeployed(random.pick(cluster.gateways)) },
  { name: 'agent redeployed', provoke: (cluster, random) => redeployed(random.pick(cluster.agents)) },
  { name: 'worker frozen', provoke: (cluster, random) => frozen(random.pick(cluster.workers), random, 1, 12) },
  { name: 'gateway frozen', provoke: (cluster, random) => frozen(random.pick(cluster.gateways), random, 1, 6) },
  { name: 'agent frozen', provoke: (cluster, random) => frozen(random.pick(cluster.agents), random, 1, 4) },
  {
    name: 'worker cut off from the broker',
    provoke: (cluster, random) => cut(cluster, random.pick(cluster.workers).name, random),
  },
  {
    name: 'gateway cut off from the broker',
    provoke: (cluster, random) => cut(cluster, random.pick(cluster.gateways).name, random),
  },
  {
    name: 'connections to the broker reset',
    provoke: async (cluster) => {
      for (const cable of cluster.brokerCable.values()) cable.reset()
    },
  },
  {
    name: 'broker killed and restarted',
    provoke: async ({ servers }) => {
      await servers.rabbit.kill('SIGKILL', { tree: true })
      await servers.rabbit.start()
    },
  },
  {
    name: 'PostgreSQL stopped at once and restarted',
    provoke: async ({ servers }, random) => {
      await servers.postgres.stop('immediate')
      await seconds(random, 0, 4)
      await servers.postgres.start()
    },
  },
  {
    name: 'Redis frozen',
    provoke: async ({ servers }, random) => {
      await servers.redis.kill('SIGSTOP')
      await seconds(random, 1, 5)
      await servers.redis.kill('SIGCONT')
    },
  },
  {
    name: 'Redis killed and restarted',
    provoke: async ({ servers }, random) => {
      await servers.redis.kill('SIGKILL')
      await seconds(random, 0, 3)
      await servers.redis.start()
    },
  },
]
