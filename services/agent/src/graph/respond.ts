import { estimateUsage, type FinishReason, type Usage } from '@askwire/contracts'
import { MAX_ANSWER_CHARS } from '../limits.ts'
import { addUsage } from './add-usage.ts'
import type { GraphDeps } from './build-graph.ts'
import { readFound, toPassage } from './found-passage.ts'
import type { NodeWork } from './graph-node.ts'
import { answerMessages } from './prompt.ts'
import { summaryOf } from './summarise.ts'

/**
 * Streams the answer. `run.result` says what was used also when the stream breaks: then it is an estimate. The text itself
 * is not put into the state; the task has it.
 */
export function respond({ chat }: Pick<GraphDeps, 'chat'>): NodeWork {
  return async (state, run) => {
    const { history, model } = run.request
    const passages = readFound(state.found).map(toPassage)
    const messages = answerMessages(run.question, history, passages, summaryOf(state, run))
    const said = { text: '', reasoning: '' }
    let usage: Usage | undefined
    let finishReason: FinishReason = 'error'
    try {
      const stream = chat.stream({
        messages,
        passages,
        question: state.standalone ?? run.question,
        ...(model !== undefined && { model }),
        signal: run.signal,
      })
      for await (const event of stream) {
        switch (event.kind) {
          case 'text':
            said.text += event.delta
            run.emit.text('answer', event.delta)
            break
          case 'reasoning':
            said.reasoning += event.delta
            run.emit.text('reasoning', event.delta)
            break
          case 'end':
            usage = event.usage
            finishReason = event.finishReason
            break
          default:
            event satisfies never
        }
        if (said.text.length + said.reasoning.length > MAX_ANSWER_CHARS) {
          finishReason = 'length'
          break
        }
      }
      run.signal.throwIfAborted()
    } finally {
      if (run.signal.aborted) finishReason = 'cancelled'
      const total = addUsage(run.priorUsage, usage ?? estimateUsage(messages, said))
      run.result = { model: model ?? chat.name, usage: total, finishReason }
    }
    return { update: { answered: true }, outputs: { characters: said.text.length, finishReason } }
  }
}
