import { closeOnSignal, runMain } from '@askwire/runtime'
import { hasAccounts } from '@askwire/store'
import { readStandaloneConfig, readStandaloneSecrets, type StandaloneConfig, USAGE } from './config.ts'
import { indexKnowledge } from './index-knowledge.ts'
import { preflight } from './preflight.ts'
import { type Standalone, startStandalone } from './standalone.ts'

/** Indexing that takes longer goes on after the address is told. */
const INDEX_BEFORE_TELLING_MS = 5000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

await runMain('askwire', async () => {
  const config = readStandaloneConfig(process.argv.slice(2))
  if (config === 'help') return say(USAGE)
  await preflight(config)
  const standalone = await startStandalone(config, readStandaloneSecrets())
  const stopped = new AbortController()
  closeOnSignal(standalone.logger, async () => {
    say('Stopping.')
    stopped.abort()
    await indexing.catch(() => {})
    await standalone.close()
  })
  const indexing = indexKnowledge(standalone, config.KNOWLEDGE_DIR, say, stopped.signal)
  indexing.catch((error: unknown) => {
    if (!stopped.signal.aborted) standalone.logger.error({ err: error }, 'the knowledge folder could not be indexed')
  })
  await Promise.race([indexing.catch(() => {}), new Promise((resolve) => setTimeout(resolve, INDEX_BEFORE_TELLING_MS))])
  await tell(standalone, config)
})

async function tell({ url, models, store }: Standalone, config: StandaloneConfig): Promise<void> {
  const accounts = await hasAccounts(store.db)
  const local = ['127.0.0.1', 'localhost', '::1'].includes(config.ASKWIRE_HOST)
  say(`
Askwire is running.

  Page      ${url}
  API       ${url}/api/docs
  Model     ${models.chat.name}
  Data      ${config.ASKWIRE_DATA_DIR}
`)
  if (local && !accounts) {
    say(`Ask it something:

  curl -N ${url}/api/chat -H 'content-type: application/json' -d '{"mode":"stream","message":"What happens to my question when a worker dies?"}'

There is no account yet, so everything on this machine may ask. The first one that is made, at ${url}/register,
owns all that is here; from then on everyone signs in.
`)
  } else if (!accounts) {
    say(`There is no account yet: make the first one at ${url}/register. Whoever is first owns this installation.\n`)
  } else say('Sign in on the page, or with an API token made there.\n')
}
