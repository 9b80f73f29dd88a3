import type { Usage } from '@askwire/contracts'
import type { ChatEvent, ChatModel, ChatRequest } from '@askwire/models'

export const USAGE: Usage = {
  inputTokens: 100,
  outputTokens: 10,
  totalTokens: 110,
  reasoningTokens: 0,
  cachedTokens: 0,
  estimated: false,
  costMicros: 0,
  currency: 'USD',
}

export type Script = (request: ChatRequest, call: number) => AsyncIterable<ChatEvent>

/** A chat model that plays a script and keeps the requests it got. */
export function scriptedModel(script: Script, name = 'scripted'): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = []
  return {
    name,
    requests,
    stream: (request) => {
      requests.push(request)
      return script(request, requests.length)
    },
  }
}

/** Says these texts, each in a turn of its own, then ends. */
export function saying(...texts: string[]): Script {
  return async function* () {
    for (const delta of texts) {
      await new Promise((resolve) => setImmediate(resolve))
      yield { kind: 'text', delta }
    }
    yield { kind: 'end', usage: USAGE, finishReason: 'stop' }
  }
}

/** A door that a script waits at, until the test opens it or the signal is aborted. */
export function gate(): { open: () => void; pass: (signal: AbortSignal) => Promise<void>; reached: Promise<void> } {
  const opened = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  return {
    open: opened.resolve,
    reached: reached.promise,
    pass: async (signal) => {
      reached.resolve()
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      )
      await Promise.race([opened.promise, aborted])
    },
  }
}
