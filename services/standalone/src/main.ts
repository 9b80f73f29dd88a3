import { closeOnSignal, runMain } from '@askwire/runtime'
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
  tell(standalone, config)
})

function tell({ url, models }: Standalone, config: StandaloneConfig): void {
  say(`
Askwire is running.

  Page      ${url}
  API       ${url}/api/docs
  Model     ${models.chat.name}
  Data      ${config.ASKWIRE_DATA_DIR}

Ask it something:

  curl -N ${url}/api/chat -H 'content-type: application/json' -d '{"mode":"stream","message":"What happens to my question when a worker dies?"}'
`)
  if (!['127.0.0.1', 'localhost', '::1'].includes(config.ASKWIRE_HOST)) {
    say('Warning: there are no accounts yet. Everyone who can reach this address can read and ask everything.\n')
  }
}
