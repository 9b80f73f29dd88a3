// Indexes a folder, stores two batches, says so and waits to be killed: see `suites/death.suite.ts`.
import { indexFolder } from '@askwire/knowledge'
import { createOfflineEmbedder } from '@askwire/models'
import { openStore } from '@askwire/store'

const { URL: url = '', FOLDER: folder = '', TENANT: tenantId = '', OWNER: userId = '' } = process.env
const store = await openStore({ url })
const embedder = createOfflineEmbedder()
let batches = 0
const stuck = {
  ...embedder,
  embed: async (...given: Parameters<typeof embedder.embed>) => {
    if (++batches <= 2) return await embedder.embed(...given)
    process.stdout.write('two batches are stored\n')
    return await new Promise<never>((_, reject) => setTimeout(() => reject(new Error('nobody killed me')), 60_000))
  },
}
const request = { folder, collectionName: 'docs', signal: AbortSignal.timeout(60_000) }
await indexFolder({ store, embedder: stuck }, { tenantId, userId }, request)
