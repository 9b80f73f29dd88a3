import { closeOnSignal, runMain } from '@askwire/runtime'
import { readGatewayConfig } from './config.ts'
import { openGatewayDeps } from './deps.ts'
import { createGateway } from './gateway.ts'

await runMain('gateway', async () => {
  const { config, secrets } = readGatewayConfig()
  const deps = await openGatewayDeps(config)
  const gateway = createGateway(config, deps, secrets)
  closeOnSignal(deps.logger, async () => {
    await gateway.close()
    await deps.broker.close()
    await deps.log.close()
    await deps.notices.log.close()
    await deps.limiter.close()
    deps.clock.close()
    await deps.store.close()
  })
  await deps.clock.start()
  await deps.broker.start()
  await gateway.start()
})
