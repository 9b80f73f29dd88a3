import type { ServerResponse } from 'node:http'
import type { FakeBehaviour } from './behaviour.ts'
import { completionBody } from './completion-json.ts'
import { embeddingsBody } from './embeddings-body.ts'
import type { FakeRequest } from './request-log.ts'
import { sendFailure, sendJson, sendText } from './send.ts'
import { streamAnswer } from './stream-answer.ts'
import type { TickWheel } from './tick-wheel.ts'

/** Answers a model request as `behaviour` says; `failing` is false once it has failed as often as it should. */
export function serveModel(
  response: ServerResponse,
  request: FakeRequest,
  options: { behaviour: FakeBehaviour; failing: boolean; wheel: TickWheel; hold(goOn: () => void): void },
): void {
  const { behaviour, wheel } = options
  const fault = options.failing ? behaviour.fail : undefined
  if (typeof fault === 'number') {
    sendFailure(response, fault, behaviour.retryAfter)
  } else if (fault === 'hang-headers') {
    // Nothing: the client has to lose patience.
  } else if (fault === 'html') {
    sendText(response, 200, 'text/html', '<!doctype html><h1>Welcome to the proxy</h1>')
  } else if (request.path === '/v1/embeddings') {
    if (fault === 'garbage') sendText(response, 200, 'application/json', '{"data":[')
    else sendJson(response, 200, embeddingsBody(request.body, behaviour.dimensions))
  } else if (request.stream) {
    streamAnswer(response, request, { ...options, fault })
  } else {
    wheel.at(performance.now() + behaviour.ttft, () => sendJson(response, 200, completionBody(request, behaviour)))
  }
}
