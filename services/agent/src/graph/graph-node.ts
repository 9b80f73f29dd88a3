import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import { type Run, runOf } from './run.ts'
import type { RunState, RunUpdate } from './state.ts'

export type NodeWork = (
  state: RunState,
  run: Run,
) => Promise<{ update: RunUpdate; outputs: Record<string, string | number | boolean> }>

/** A graph node that tells when it starts and ends, how long it took, and a little of what came out. */
export function graphNode(node: string, title: string, work: NodeWork) {
  return async (state: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> => {
    const run = runOf(config)
    const startedAt = performance.now()
    run.emit.progress({ kind: 'node_started', node, title })
    const finish = (status: 'succeeded' | 'failed', outputs: Record<string, unknown>): void => {
      const elapsedMs = Math.round((performance.now() - startedAt) * 10) / 10
      run.emit.progress({ kind: 'node_finished', node, title, elapsedMs, status, outputs })
    }
    try {
      run.signal.throwIfAborted()
      const { update, outputs } = await work(state, run)
      finish('succeeded', outputs)
      return update
    } catch (error) {
      finish('failed', {})
      throw error
    }
  }
}
