import { addUsage } from './add-usage.ts'
import type { GraphDeps } from './build-graph.ts'
import { condenseByModel } from './condense-by-model.ts'
import { condenseByRule } from './condense-by-rule.ts'
import type { NodeWork } from './graph-node.ts'
import type { Run } from './run.ts'
import { summaryOf } from './summarise.ts'

/**
 * Condenses a follow-up with its history into a question that stands alone. A model that cannot is no reason to fail: the
 * rule does it then. Only what a model wrote is put into the state, for that alone is worth a checkpoint.
 */
export function rewrite({ chat, condenseBy }: Pick<GraphDeps, 'chat' | 'condenseBy'>): NodeWork {
  return async (state, run) => {
    if (condenseBy === 'model') {
      const standalone = await tryModel(chat, run, summaryOf(state, run))
      if (standalone !== undefined) return { update: { standalone }, outputs: { question: standalone } }
    }
    const earlier = run.request.history.filter(({ role }) => role === 'user').map(({ content }) => content)
    run.standalone = condenseByRule(run.question, earlier)
    return { update: {}, outputs: { question: run.standalone } }
  }
}

async function tryModel(chat: GraphDeps['chat'], run: Run, summary: string | undefined): Promise<string | undefined> {
  try {
    const { question, usage } = await condenseByModel(chat, run, summary)
    if (usage) run.priorUsage = addUsage(run.priorUsage, usage)
    return question
  } catch (error) {
    if (run.signal.aborted) throw error
    return undefined
  }
}
