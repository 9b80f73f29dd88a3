import type { AgentRequest } from '@askwire/contracts'
import type { ChatModel } from '@askwire/models'
import type { BaseCheckpointSaver } from '@langchain/langgraph'
import { END, START, StateGraph } from '@langchain/langgraph'
import type { FindPassages } from './found-passage.ts'
import { graphNode } from './graph-node.ts'
import { quietLangChain } from './quiet-langchain.ts'
import { respond } from './respond.ts'
import { retrieve } from './retrieve.ts'
import { rewrite } from './rewrite.ts'
import { runOf } from './run.ts'
import { RunState } from './state.ts'
import { summarise } from './summarise.ts'

export type GraphDeps = {
  chat: ChatModel
  /** `model`: follow-ups and long conversations are condensed by the chat model; `rule`: by a rule, for a model that only extracts. */
  condenseBy: 'model' | 'rule'
  findPassages: FindPassages
}

/**
 * The agent's graph:
 *
 *     overflow? ──yes──► summarise ──► rewrite ──► retrieve ──► respond
 *        └──no──► history? ──yes───────►┘             ▲
 *                    └───────no──────────────────────►┘
 */
export function buildGraph(deps: GraphDeps, checkpointer?: BaseCheckpointSaver) {
  quietLangChain()
  return new StateGraph(RunState)
    .addNode('summarise', graphNode('summarise', 'Sum up the conversation so far', summarise(deps)))
    .addNode('rewrite', graphNode('rewrite', 'Understand the question', rewrite(deps)))
    .addNode('retrieve', graphNode('retrieve', 'Search the documents', retrieve(deps)))
    .addNode('respond', graphNode('respond', 'Write the answer', respond(deps)))
    .addConditionalEdges(START, (_state, config) => firstNode(runOf(config).request), [
      'summarise',
      'rewrite',
      'retrieve',
    ])
    .addEdge('summarise', 'rewrite')
    .addEdge('rewrite', 'retrieve')
    .addEdge('retrieve', 'respond')
    .addEdge('respond', END)
    .compile(checkpointer ? { checkpointer } : {})
}

function firstNode({ overflow = [], summary, history }: AgentRequest): 'summarise' | 'rewrite' | 'retrieve' {
  if (overflow.length > 0) return 'summarise'
  return history.length > 0 || summary !== undefined ? 'rewrite' : 'retrieve'
}

export type AgentGraph = ReturnType<typeof buildGraph>
