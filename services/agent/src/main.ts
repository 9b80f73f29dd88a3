import { parseArgs } from 'node:util'
import { closeOnSignal, runMain } from '@askwire/runtime'
import { createAgent } from './agent.ts'
import { readAgentConfig } from './config.ts'
import { openAgentDeps } from './deps.ts'
import { indexForOwner } from './index-for-owner.ts'
import { migrateAgent } from './migrate-agent.ts'

await runMain('agent', async () => {
  const { values } = parseArgs({ options: { migrate: { type: 'boolean' }, index: { type: 'string' } } })
  const { config, secrets } = readAgentConfig()
  const deps = await openAgentDeps(config, secrets)
  if (values.migrate || values.index !== undefined) {
    if (values.migrate) await migrateAgent(deps.store)
    if (values.index !== undefined) await indexForOwner(deps, values.index)
    await deps.store.close()
    return
  }
  const agent = createAgent(
    {
      host: config.ASKWIRE_HOST,
      port: config.ASKWIRE_PORT,
      serviceToken: secrets.ASKWIRE_SERVICE_TOKEN,
      previousServiceToken: secrets.ASKWIRE_SERVICE_TOKEN_PREVIOUS,
      publicUrl: config.ASKWIRE_AGENT_PUBLIC_URL,
    },
    deps,
  )
  closeOnSignal(deps.logger, async () => {
    await agent.close()
    deps.clock.close()
    await deps.store.close()
  })
  await deps.clock.start()
  const { url } = await agent.start()
  deps.logger.info({ url }, 'listening')
})
