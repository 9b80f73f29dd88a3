import type { OutgoingHttpHeaders } from 'node:http'
import type { Target } from './jobs.ts'

const QUESTION = 'How many stars are there?'

let asked = 0

/** The request that asks a target for one streamed answer of the fake model of that name. */
export function requestFor(target: Target, model: string): { url: string; headers: OutgoingHttpHeaders; body: string } {
  const { path, body, headers = {} } = wire(target, model)
  const text = JSON.stringify(body)
  return {
    url: target.url + path,
    headers: {
      ...nextCredential(target),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...headers,
    },
    body: text,
  }
}

function nextCredential({ auth = [] }: Target): OutgoingHttpHeaders {
  asked += 1
  const authorization = auth[asked % auth.length]
  return authorization === undefined ? {} : { authorization }
}

function wire(target: Target, model: string): { path: string; body: unknown; headers?: OutgoingHttpHeaders } {
  const messages = [{ role: 'user', content: QUESTION }]
  const completion = { model, messages, stream: true, stream_options: { include_usage: true } }
  switch (target.kind) {
    case 'direct':
      return { path: '/v1/chat/completions', body: completion }
    case 'askwire':
      return { path: '/api/chat', body: { mode: 'stream', message: QUESTION, model } }
    case 'portkey':
      return {
        path: '/v1/chat/completions',
        body: completion,
        headers: {
          authorization: 'Bearer none',
          'x-portkey-provider': 'openai',
          'x-portkey-custom-host': `${target.fakeUrl}/v1`,
        },
      }
    case 'langgraph':
      return {
        path: '/runs/stream',
        body: {
          assistant_id: 'agent',
          input: { messages },
          config: { configurable: { model } },
          stream_mode: ['messages-tuple'],
        },
      }
    default:
      return target.kind satisfies never
  }
}

/** Whether the last characters of a stream are the end of a whole answer. */
export function isWholeAnswer(target: Target, tail: string): boolean {
  switch (target.kind) {
    case 'direct':
    case 'portkey':
      return tail.includes('data: [DONE]')
    case 'askwire':
      return tail.includes('"event":"workflow_finished"') && tail.includes('"status":"succeeded"')
    case 'langgraph':
      return !tail.includes('event: error')
    default:
      return target.kind satisfies never
  }
}
