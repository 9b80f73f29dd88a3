import { closeOnSignal, runMain, startHealthServer } from '@askwire/runtime'
import { readWorkerConfig } from './config.ts'
import { openWorkerDeps } from './deps.ts'
import { createWorker } from './worker.ts'

await runMain('worker', async () => {
  const config = readWorkerConfig()
  const deps = await openWorkerDeps(config)
  const worker = createWorker(config, deps)
  await deps.clock.start()
  await deps.broker.start()
  const health = await startHealthServer({
    host: config.ASKWIRE_HOST,
    port: config.ASKWIRE_PORT,
    metrics: deps.metrics,
    checks: [
      { name: 'database', required: true, check: () => deps.store.ping() },
      { name: 'broker', required: true, check: () => deps.broker.ping() },
      { name: 'event_log', required: false, check: () => deps.log.ping() },
    ],
  })
  closeOnSignal(deps.logger, async () => {
    health.drain()
    await worker.close()
    await deps.broker.close()
    await deps.log.close()
    await deps.notices.log.close()
    deps.clock.close()
    await deps.store.close()
    deps.agent.close()
    await health.close()
  })
  await worker.start()
})
