import { type Gathered, gatherCalls } from '@askwire/runtime'
import { markPublished, type Store } from '@askwire/store'

/** Far below the five seconds after which the reconciler publishes what is not marked; far above the time a free worker takes. */
const GATHER_MS = 1000
const MAX_NOTES = 1000

/**
 * Marks published runs a moment later, many in one statement: a claim marks its run itself, so by then most have nothing left to be
 * marked. A mark that is lost with this process costs a second message, which its worker finds taken.
 */
export function createPublishNotes(store: Store): Gathered<string> {
  return gatherCalls((runIds) => markPublished(store, runIds), { delayMs: GATHER_MS, maxItems: MAX_NOTES })
}
