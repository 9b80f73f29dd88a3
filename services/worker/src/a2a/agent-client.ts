import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { type AgentRequest, AppError, newId } from '@askwire/contracts'
import { z } from 'zod'
import { type AgentEnd, type AgentEvent, parseAgentLine } from './agent-event.ts'
import { createSseDataReader } from './sse-data.ts'

export type AgentClientOptions = {
  url: string
  /** What shows the agent that a worker asks. */
  authorization: () => Promise<string>
  /** Longest wait for the first byte of an answer. */
  connectMs: number
  /** Longest silence in a stream. */
  idleMs: number
}

export type AgentClient = {
  /**
   * Sends a question and reads the task's stream to its end. `onEvent` gets every event before the end, in order; the
   * stream waits for the promise it may return. Throws `agent_unavailable` (no connection, or it broke), `agent_timeout`,
   * `agent_failed` (an error response, or an end without a terminal state), or the signal's reason.
   */
  ask(
    question: string,
    request: AgentRequest,
    onEvent: (event: AgentEvent) => Promise<void> | undefined,
    signal: AbortSignal,
  ): Promise<AgentEnd>
  /** Tells the agent to stop a task. False when it has no such task: another agent behind the same address may. Throws as `ask` does. */
  cancel(taskId: string): Promise<boolean>
  close(): void
}

const CANCEL_TIMEOUT_MS = 2000
/** A2A 1.0 §5.4: TaskNotFoundError. */
const TASK_NOT_FOUND = -32001
/** How long a response may last after the answer's end. */
const LAST_BYTES_MS = 1000
/** Longest answer that is not a stream. */
const MAX_ANSWER_BYTES = 1_048_576

/**
 * The A2A client of the worker: JSON-RPC over HTTP with sockets kept open. `node:http` and not `fetch`: over a stream of
 * many small chunks `fetch` cost twice the median delay per token and five times the 99th percentile.
 */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const endpoint = new URL('/a2a', options.url)
  const secure = endpoint.protocol === 'https:'
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })

  const post = async (
    method: string,
    params: unknown,
    accept: string,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: newId(), method, params })
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept,
      authorization: await options.authorization(),
      'a2a-version': '1.0',
    }
    const settings = { method: 'POST', agent, headers, ...(signal && { signal }) }
    const outgoing = secure ? httpsRequest(endpoint, settings) : httpRequest(endpoint, settings)
    const late = setTimeout(
      () => outgoing.destroy(new AppError('agent_timeout', 'The agent did not answer in time.')),
      timeoutMs,
    )
    try {
      outgoing.end(body)
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
      if (response.statusCode === 200) return response
      response.resume()
      // 401 says nothing about the question: a clock is wrong or a secret is being replaced. Another attempt may do.
      const code =
        (response.statusCode ?? 500) >= 500 || response.statusCode === 401 ? 'agent_unavailable' : 'agent_failed'
      throw new AppError(code, 'The agent refused the question.', { cause: new Error(`HTTP ${response.statusCode}`) })
    } catch (error) {
      throw asAgentError(error, signal)
    } finally {
      clearTimeout(late)
    }
  }

  return {
    ask: async (question, request, onEvent, signal) => {
      const params = sendParams(question, request)
      const response = await post('SendStreamingMessage', params, 'text/event-stream', options.connectMs, signal)
      response.setTimeout(options.idleMs, () =>
        response.destroy(new AppError('agent_timeout', 'The agent fell silent.')),
      )
      try {
        const end = isStream(response) ? await readStream(response, onEvent) : await readRefusal(response)
        finishBody(response)
        return end
      } catch (error) {
        response.destroy()
        throw asAgentError(error, signal)
      }
    },
    cancel: async (taskId) => {
      const response = await post('CancelTask', { id: taskId }, 'application/json', CANCEL_TIMEOUT_MS)
      return !hasNoTask(await readBody(response))
    },
    close: () => agent.destroy(),
  }
}

const isStream = (response: IncomingMessage): boolean =>
  response.headers['content-type']?.startsWith('text/event-stream') ?? false

const refusedCall = z.object({ error: z.object({ code: z.int() }) })

function hasNoTask(json: string): boolean {
  try {
    return refusedCall.safeParse(JSON.parse(json)).data?.error.code === TASK_NOT_FOUND
  } catch {
    return false
  }
}

/** A question that is refused before its stream begins is answered by one JSON-RPC error. */
async function readRefusal(response: IncomingMessage): Promise<never> {
  parseAgentLine(await readBody(response))
  throw new AppError('agent_failed', 'The agent answered without a stream.')
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new AppError('agent_failed', 'The agent sent too much at once.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Reads by listeners: an iterator over the stream costs each token several promises. What breaks the stream while a reader is
 * waited for is told after what came before it.
 */
function readStream(
  response: IncomingMessage,
  onEvent: (event: AgentEvent) => Promise<void> | undefined,
): Promise<AgentEnd> {
  const reader = createSseDataReader()
  const { promise, resolve, reject } = Promise.withResolvers<AgentEnd>()
  let waiting: Promise<void> | undefined
  let over = false
  const stop = (): void => {
    over = true
    response.removeAllListeners('data')
  }
  const fail = (error: unknown): void => {
    stop()
    if (waiting) void waiting.then(() => reject(error), reject)
    else reject(error)
  }

  const take = (lines: readonly string[], from = 0): void => {
    for (let index = from; index < lines.length; index += 1) {
      const event = parseAgentLine(lines[index] ?? '')
      if (!event) continue
      if (event.kind === 'completed' || event.kind === 'canceled' || event.kind === 'failed') {
        stop()
        resolve(event)
        return
      }
      const room = onEvent(event)
      if (!room) continue
      waitFor(room, lines, index + 1)
      return
    }
  }
  const waitFor = (room: Promise<void>, lines: readonly string[], next: number): void => {
    response.pause()
    waiting = room.then(() => {
      waiting = undefined
      take(lines, next)
      if (!waiting) response.resume()
    })
    waiting.catch(reject)
  }

  response.on('data', (chunk: Buffer) => {
    try {
      take(reader.push(chunk))
    } catch (error) {
      fail(error)
    }
  })
  const brokeOff = (): void => {
    if (!over) fail(new AppError('agent_unavailable', 'The agent broke off its answer.'))
  }
  response.on('error', fail)
  response.on('end', brokeOff)
  response.on('close', brokeOff)
  return promise
}

/** Reads what follows the end of an answer, its last bytes, so that its socket serves the next question. */
function finishBody(response: IncomingMessage): void {
  response.resume()
  if (response.complete) return
  const late = setTimeout(() => response.destroy(), LAST_BYTES_MS)
  response.once('close', () => clearTimeout(late))
}

function sendParams(question: string, request: AgentRequest): unknown {
  return {
    message: {
      messageId: newId(),
      contextId: request.sessionId,
      role: 'ROLE_USER',
      parts: [{ text: question }, { data: request }],
    },
    configuration: { historyLength: 0 },
  }
}

/** The signal's own reason when it was our stop; else what the connection's failure means. */
function asAgentError(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof AppError) return error
  return new AppError('agent_unavailable', 'The agent cannot be reached.', { cause: error })
}
