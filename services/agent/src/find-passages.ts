import { retrieve, toResources } from '@askwire/knowledge'
import type { AgentDeps } from './deps.ts'
import type { FindPassages } from './graph/found-passage.ts'

/** How the agent searches: as it was told, else in the store's documents. */
export function findPassagesOf({ findPassages, store, models, logger }: AgentDeps): FindPassages {
  return findPassages ?? findInDocuments({ store, embedder: models.embedder, logger })
}

function findInDocuments(deps: Parameters<typeof retrieve>[0]): FindPassages {
  return async (scope, query) => {
    const chunks = await retrieve(deps, scope, query)
    const resources = toResources(chunks)
    return chunks.flatMap(({ heading, text }, index) => {
      const resource = resources[index]
      return resource ? [{ resource, heading, text }] : []
    })
  }
}
