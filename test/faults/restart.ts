import type { ServiceProcess } from '@askwire/testing'

const STOP_TIMEOUT_MS = 20_000

/** Stops a service in order and starts it again on its port, as `ServiceProcess.start` does. */
export async function restart(service: ServiceProcess, ...how: Parameters<ServiceProcess['start']>): Promise<void> {
  await service.signal('SIGTERM')
  await service.ended(STOP_TIMEOUT_MS)
  await service.start(...how)
}
