import { AppError } from '@askwire/contracts'
import { type Clock, systemClock } from '@askwire/runtime'
import { OpenAIEmbeddings } from '@langchain/openai'
import type { Embedder } from '../ports.ts'
import { toUnitVector } from '../unit-vector.ts'
import { startPatience } from './patience.ts'
import { createProviderFetch } from './provider-fetch.ts'
import { retryPauseMs } from './retry-pause.ts'
import { toModelError } from './to-model-error.ts'

export type OpenAiEmbedderOptions = {
  baseUrl: string
  apiKey?: string
  model: string
  /** The length its vectors have; a provider that sends another is a failure. */
  dimensions: number
  /** Texts in one request. */
  batchSize?: number
  /** One request, all its texts. */
  timeoutMs?: number
  maxRetries?: number
  clock?: Pick<Clock, 'sleep'>
}

/** Only these models can be told how long their vectors should be; others refuse the parameter. */
const SHORTENABLE = /^text-embedding-3/
/** The longest a timer can be: the client's own is never the first to lose patience, since it would tell a time-out as a lost connection. */
const NEVER_MS = 2 ** 31 - 1

/** Embeddings of any OpenAI-compatible API, batch after batch in the order of the texts. Throws `model_*` and `cancelled`. */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { model, dimensions, batchSize = 64, timeoutMs = 30_000, maxRetries = 3, clock = systemClock } = options

  const embedOnce = async (texts: readonly string[], caller: AbortSignal): Promise<number[][]> => {
    const patience = startPatience(caller, timeoutMs)
    // A client for each request: it takes no signal, but a `fetch` that holds one.
    const client = new OpenAIEmbeddings({
      model,
      ...(SHORTENABLE.test(model) ? { dimensions } : {}),
      apiKey: options.apiKey ?? 'none',
      batchSize,
      // Servers without base64 would be misread; floats are understood by all.
      encodingFormat: 'float',
      stripNewLines: false,
      maxRetries: 0,
      timeout: NEVER_MS,
      configuration: {
        baseURL: options.baseUrl,
        fetch: createProviderFetch({ hasKey: options.apiKey !== undefined, signal: patience.signal }),
        logLevel: 'off',
        organization: null,
        project: null,
      },
    })
    try {
      const vectors = await client.embedDocuments([...texts])
      return vectors.map((vector) => checkedUnitVector(vector, dimensions))
    } catch (error) {
      throw patience.verdict() ?? toModelError(error)
    } finally {
      patience.end()
    }
  }

  const embedBatch = async (texts: readonly string[], signal: AbortSignal): Promise<number[][]> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await embedOnce(texts, signal)
      } catch (error) {
        const failure = toModelError(error)
        const pauseMs = retryPauseMs(failure, attempt, maxRetries)
        if (pauseMs === undefined) throw failure
        await clock.sleep(pauseMs, signal).catch(() => {
          throw new AppError('cancelled', 'The embedding was stopped.')
        })
      }
    }
  }

  return {
    id: `openai:${model}:${dimensions}`,
    dimensions,
    async embed(texts, { signal }) {
      const vectors: number[][] = []
      for (let start = 0; start < texts.length; start += batchSize) {
        vectors.push(...(await embedBatch(texts.slice(start, start + batchSize), signal)))
      }
      return vectors
    },
  }
}

function checkedUnitVector(vector: unknown, dimensions: number): number[] {
  if (!Array.isArray(vector) || vector.length !== dimensions || !vector.every(Number.isFinite)) {
    const length = Array.isArray(vector) ? vector.length : 'no'
    throw new AppError(
      'model_failed',
      `The embedding model sent ${length} dimensions where ${dimensions} are configured.`,
    )
  }
  return toUnitVector(vector)
}
