import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons'

/**
 * Takes LangChain's implicit context out of the graph. Around each of the 21 steps of a run it makes a trace of LangSmith's, with
 * an id and a dozen looks at the environment, even when nothing is traced, and puts it into an async context for code that asks
 * for its config from there. Our nodes are handed their config; without this a run of the graph costs a third less.
 */
export function quietLangChain(): void {
  AsyncLocalStorageProviderSingleton.runWithConfig = (_config, callback) => callback()
}
