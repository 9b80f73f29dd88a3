import type { Instance } from './state.ts'

export const RABBIT_USER = 'askwire'
export const POSTGRES_USER = 'askwire'

export function rabbitUrl(instance: Instance): string {
  return `amqp://${RABBIT_USER}:${instance.password}@127.0.0.1:${instance.ports.amqp}`
}

export function rabbitManagementUrl(instance: Instance): string {
  return `http://${RABBIT_USER}:${instance.password}@127.0.0.1:${instance.ports.management}`
}

export function postgresUrl(instance: Instance): string {
  return `postgres://${POSTGRES_USER}:${instance.password}@127.0.0.1:${instance.ports.postgres}/postgres`
}

export function redisUrl(instance: Instance): string {
  return `redis://:${instance.password}@127.0.0.1:${instance.ports.redis}/0`
}
