import { PASSAGES } from '../limits.ts'
import type { GraphDeps } from './build-graph.ts'
import type { NodeWork } from './graph-node.ts'

/** Finds the passages the answer may use and says at once which they are. */
export function retrieve({ findPassages }: Pick<GraphDeps, 'findPassages'>): NodeWork {
  return async (state, run) => {
    const { scope, collectionIds, documentIds } = run.request
    const query = state.standalone ?? run.standalone ?? run.question
    const found = await findPassages(scope, { query, collectionIds, documentIds, limit: PASSAGES, signal: run.signal })
    run.emit.resources(found.map((passage) => passage.resource))
    return { update: { standalone: query, found: JSON.stringify(found) }, outputs: { passages: found.length } }
  }
}
