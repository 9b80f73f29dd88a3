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

export type GraphDeps = {
  chat: ChatModel
  /** `model`: follow-ups are condensed by the chat model; `rule`: by a rule, for a model that only extracts. */
  condenseBy: 'model' | 'rule'
  findPassages: FindPassages
}

/**
 * The agent's graph:
 *
 *     history? ──yes──► rewrite ──► retrieve ──► respond
 *        └───────no──────────────────►┘
 */
export function buildGraph(deps: GraphDeps, checkpointer?: BaseCheckpointSaver) {
  quietLangChain()
  return new StateGraph(RunState)
    .addNode('rewrite', graphNode('rewrite', 'Understand the question', rewrite(deps)))
    .addNode('retrieve', graphNode('retrieve', 'Search the documents', retrieve(deps)))
    .addNode('respond', graphNode('respond', 'Write the answer', respond(deps)))
    .addConditionalEdges(
      START,
      (_state, config) => (runOf(config).request.history.length > 0 ? 'rewrite' : 'retrieve'),
      ['rewrite', 'retrieve'],
    )
    .addEdge('rewrite', 'retrieve')
    .addEdge('retrieve', 'respond')
    .addEdge('respond', END)
    .compile(checkpointer ? { checkpointer } : {})
}
export type AgentGraph = ReturnType<typeof buildGraph>
