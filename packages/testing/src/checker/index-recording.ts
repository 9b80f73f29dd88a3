import { findRunKey, hashChain } from '../fake-model/hash-chain.ts'
import type { AskRecord, Recording, RunTruth } from './recording.ts'

/** A recording with what the checks look up again and again. */
export type IndexedRecording = Recording & {
  readonly askByKey: ReadonlyMap<string, AskRecord>
  readonly runById: ReadonlyMap<string, RunTruth>
  /** The ask a run answers, by the key in the question's text. */
  askOf(run: RunTruth): AskRecord | undefined
  /** The text of a run's whole answer. */
  answerOf(ask: AskRecord): string
  /** The key whose chain holds this token, if any: says whose text turned up where it does not belong. */
  ownerOf(token: string): string | undefined
  /** Runs a 202 named, with their asks. */
  readonly acknowledged: ReadonlyMap<string, AskRecord>
}

export function indexRecording(recording: Recording): IndexedRecording {
  const askByKey = new Map(recording.asks.map((ask) => [ask.key, ask]))
  const acknowledged = new Map<string, AskRecord>()
  for (const ask of recording.asks) {
    for (const { accepted } of ask.tries) if (accepted) acknowledged.set(accepted.runId, ask)
  }
  const chains = new Map<string, string>()
  let owners: Map<string, string> | undefined
  return {
    ...recording,
    askByKey,
    acknowledged,
    runById: new Map(recording.runs.map((run) => [run.runId, run])),
    askOf: (run) => askByKey.get(findRunKey(run.question) ?? ''),
    answerOf: (ask) => {
      const known = chains.get(ask.key)
      if (known !== undefined) return known
      const text = hashChain(ask.key, ask.tokens)
        .map((token) => `${token} `)
        .join('')
      chains.set(ask.key, text)
      return text
    },
    ownerOf: (token) => {
      owners ??= new Map(
        recording.asks.flatMap((ask) => hashChain(ask.key, ask.tokens).map((link) => [link, ask.key] as const)),
      )
      return owners.get(token)
    },
  }
}
