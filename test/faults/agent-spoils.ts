import type { ServerResponse } from 'node:http'
import { AGENT_RPC_CODES } from '@askwire/contracts'

/** One way in which an agent breaks its word: instead of an answer, or after the first pieces of one. It is sent to its end, but for `garbage`. */
export type Spoil = { when: 'at once' | 'in the middle'; send(response: ServerResponse): void }

const rpc = (rest: object): string => JSON.stringify({ jsonrpc: '2.0', id: '1', ...rest })
const line = (rest: object): string => `data: ${rpc(rest)}\n\n`
const status = (state: string, data?: object): string =>
  line({
    result: {
      statusUpdate: { taskId: 't', contextId: 's', status: { state, ...(data && { message: { parts: [{ data }] } }) } },
    },
  })

const answer = (code: number, type: string, body: string): Spoil => ({
  when: 'at once',
  send: (response) => void response.writeHead(code, { 'content-type': type }).end(body),
})
const refusal = (code: number): Spoil => answer(200, 'application/json', rpc({ error: { code, message: 'no' } }))
const last = (text: string): Spoil => ({ when: 'in the middle', send: (response) => void response.end(text) })

/** By name: what a question may ask the faulty agent for. */
export const AGENT_SPOILS = {
  'error-response': refusal(-32_603),
  draining: refusal(AGENT_RPC_CODES.draining),
  overloaded: refusal(AGENT_RPC_CODES.overloaded),
  'http-400': answer(400, 'text/plain', 'bad'),
  'http-500': answer(500, 'text/plain', 'broken'),
  'web-page': answer(200, 'text/html', '<html>welcome</html>'),
  'empty-stream': answer(200, 'text/event-stream', ''),
  'error-event': last(line({ error: { code: -32_603, message: 'no' } })),
  garbage: { when: 'in the middle', send: (response) => void response.write('data: {"jsonrpc":\n\n') },
  'not-a-result': last(line({ result: { artifactUpdate: { artifact: 5 } } })),
  failed: last(status('TASK_STATE_FAILED')),
  'failed-typed': last(status('TASK_STATE_FAILED', { code: 'model_timeout', message: 'late', retryable: true })),
  'failed-draining': last(status('TASK_STATE_FAILED', { code: 'draining', message: 'stopping', retryable: true })),
  rejected: last(status('TASK_STATE_REJECTED')),
  canceled: last(status('TASK_STATE_CANCELED')),
  'completed-without-result': last(status('TASK_STATE_COMPLETED')),
  'unknown-state': last(status('TASK_STATE_INPUT_REQUIRED')),
  end: last(''),
  cut: { when: 'in the middle', send: (response) => void response.destroy() },
} satisfies Record<string, Spoil>

export type AgentSpoil = keyof typeof AGENT_SPOILS
export const isAgentSpoil = (name: string): name is AgentSpoil => name in AGENT_SPOILS
