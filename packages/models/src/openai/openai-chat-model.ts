import { AppError, estimateUsage, type Usage } from '@askwire/contracts'
import { type Clock, systemClock } from '@askwire/runtime'
import type { ChatEvent, ChatModel, ChatRequest } from '../ports.ts'
import { type Pricing, priceUsage } from '../price-usage.ts'
import { type CompletionStream, readCompletionStream } from './completion-stream.ts'
import { type HeardAnswer, hearPayloads } from './heard-answer.ts'
import { type ModelTimeouts, startPatience } from './patience.ts'
import { createProviderConnection } from './provider-connection.ts'
import { retryPauseMs } from './retry-pause.ts'
import { toModelError } from './to-model-error.ts'

export type OpenAiChatModelOptions = {
  /** Ends in the API's version, as `https://host/v1`. */
  baseUrl: string
  /** Absent for servers that ask for none. */
  apiKey?: string
  /** The model's name at the provider; a request may name another. */
  model: string
  /** What the model is called in answers; default: `model`. */
  name?: string
  timeouts?: Partial<ModelTimeouts>
  /** Further tries before the first delta. */
  maxRetries?: number
  pricing?: Pricing
  clock?: Pick<Clock, 'sleep'>
}

const TIMEOUTS: ModelTimeouts = { firstEventMs: 60_000, idleMs: 60_000, totalMs: 540_000 }
/** How long the usage may follow the finish reason. The answer is complete by then, so its lack costs only an estimate. */
const USAGE_WAIT_MS = 2_000

/**
 * A chat model behind any OpenAI-compatible API, read by hand: the usual clients put a `fetch`, web streams and four layers of
 * iterators between the socket and a token, which cost more than all the rest of the agent.
 */
export function createOpenAiChatModel(options: OpenAiChatModelOptions): ChatModel {
  const { model, name = model, maxRetries = 2, pricing, clock = systemClock } = options
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const connection = createProviderConnection(options)

  /** Yields together what came together. */
  async function* tryOnce(request: ChatRequest, deadline: number): AsyncGenerator<ChatEvent[]> {
    const patience = startPatience(request.signal, timeouts.firstEventMs, deadline)
    const answer: HeardAnswer = { text: '', reasoning: '', finish: undefined, usage: undefined }
    let stream: CompletionStream | undefined
    try {
      stream = readCompletionStream(
        await connection.post(
          '/chat/completions',
          {
            model: request.model ?? model,
            messages: request.messages,
            stream: true,
            stream_options: { include_usage: true },
          },
          patience.signal,
        ),
      )
      let begun = false
      for (let payloads = await stream.read(); payloads; payloads = await stream.read()) {
        const finished = answer.finish !== undefined
        const { deltas, failure } = hearPayloads(answer, payloads)
        if (answer.finish && !finished) patience.allow(USAGE_WAIT_MS)
        else if (begun) patience.alive()
        else if (deltas.length > 0) patience.allow(timeouts.idleMs)
        begun ||= deltas.length > 0 || answer.finish !== undefined
        if (deltas.length > 0) yield deltas
        if (failure !== undefined) throw failure
      }
    } catch (error) {
      if (!answer.finish) throw patience.verdict() ?? toModelError(error)
    } finally {
      stream?.close()
      patience.end()
    }
    const verdict = patience.verdict()
    if (verdict?.code === 'cancelled') throw verdict
    if (!answer.finish) throw verdict ?? new AppError('model_failed', 'The answer of the model provider broke off.')
    yield [{ kind: 'end', usage: toUsage(answer, request, pricing), finishReason: answer.finish }]
  }

  return {
    name,
    async *stream(request) {
      const deadline = performance.now() + timeouts.totalMs
      for (let attempt = 1; ; attempt += 1) {
        let begun = false
        try {
          for await (const events of tryOnce(request, deadline)) {
            begun = true
            // Deltas that came with the one at which the caller stopped are not wanted any more.
            for (const event of events) if (event.kind === 'end' || !request.signal.aborted) yield event
          }
          return
        } catch (error) {
          const failure = toModelError(error)
          const pauseMs = begun ? undefined : retryPauseMs(failure, attempt, maxRetries)
          if (pauseMs === undefined || performance.now() + pauseMs >= deadline) throw failure
          await clock.sleep(pauseMs, request.signal).catch(() => {
            throw new AppError('cancelled', 'The answer was stopped.')
          })
        }
      }
    },
  }
}

function toUsage(answer: HeardAnswer, request: ChatRequest, pricing: Pricing | undefined): Usage {
  const estimate = estimateUsage(request.messages, answer)
  const { usage } = answer
  if (!usage) return priceUsage(estimate, pricing)
  const totalTokens = usage.inputTokens + usage.outputTokens
  return priceUsage({ ...estimate, ...usage, totalTokens, estimated: false }, pricing)
}
