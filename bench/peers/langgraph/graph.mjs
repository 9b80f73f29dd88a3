import { MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'

// One model node, as LangGraph's own first example has it.
const respond = async (state, config) => {
  const model = new ChatOpenAI({
    model: config.configurable?.model ?? 'fake',
    apiKey: 'none',
    streamUsage: true,
    configuration: { baseURL: `${process.env.FAKE_URL}/v1` },
  })
  return { messages: [await model.invoke(state.messages, config)] }
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode('respond', respond)
  .addEdge('__start__', 'respond')
  .addEdge('respond', '__end__')
  .compile()
