import { Annotation } from '@langchain/langgraph'

/**
 * What a checkpoint keeps, as plain strings: text that looks like one of LangChain's serialised objects stays text when a
 * checkpoint is read back. Everything else about a run travels in `Run`.
 */
export const RunState = Annotation.Root({
  runId: Annotation<string>,
  /** What stands for the part of the conversation that no longer fits: JSON of an `AgentSummary`. */
  summary: Annotation<string | undefined>,
  /** The question that is searched for. */
  standalone: Annotation<string | undefined>,
  /** The passages found: JSON of `FoundPassage[]`. */
  found: Annotation<string | undefined>,
  /** Set by the last node: there is nothing left to resume. */
  answered: Annotation<boolean | undefined>,
})
export type RunState = typeof RunState.State
export type RunUpdate = typeof RunState.Update
