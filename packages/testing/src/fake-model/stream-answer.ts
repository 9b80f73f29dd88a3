import type { ServerResponse } from 'node:http'
import { answerTokens } from './answer-tokens.ts'
import type { FakeBehaviour } from './behaviour.ts'
import { chunkEncoder, usageOf } from './completion-json.ts'
import type { FakeRequest } from './request-log.ts'
import type { TickWheel } from './tick-wheel.ts'

/** Tokens written in one turn when there is no pause, so that many streams take turns. */
const FLOOD_SLICE = 32
const GIANT_LINE_BYTES = 10 * 1024 * 1024

/**
 * Streams one answer as server-sent chunks on an absolute schedule (`ttft`, then every `interval`), obeying back-pressure:
 * what a slow reader missed follows as soon as it reads again.
 */
export function streamAnswer(
  response: ServerResponse,
  request: FakeRequest,
  options: { behaviour: FakeBehaviour; fault: FakeBehaviour['fail']; wheel: TickWheel; hold(goOn: () => void): void },
): void {
  const { behaviour, fault, wheel } = options
  const encode = chunkEncoder(request)
  const tokens = answerTokens(behaviour, request.messages)
  let firstAt = performance.now() + behaviour.ttft
  let sent = 0
  let reasoningLeft = behaviour.reasoning
  let mayBeHeld = behaviour.hold
  let stopped = false
  const isHeld = (): boolean => mayBeHeld && request.tokensSent >= behaviour.after
  const goOn = (): void => {
    mayBeHeld = false
    if (!stopped) return
    // What passed meanwhile is no part of the schedule.
    firstAt = performance.now() - sent * behaviour.interval
    schedule()
  }

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()

  /** The next chunk, or `undefined` when this stream has said its last. */
  const nextChunk = (): string | undefined => {
    if (reasoningLeft > 0) {
      reasoningLeft -= 1
      return encode.reasoning('thinking ')
    }
    if (fault !== undefined && request.tokensSent >= behaviour.after) return undefined
    const token = tokens.next()
    if (token.done) return undefined
    request.tokensSent += 1
    return encode.text(token.value)
  }

  const turn = (): void => {
    if (response.destroyed) return
    let text = ''
    let ended = false
    for (let n = 0; n < (behaviour.interval === 0 ? FLOOD_SLICE : 1) && !ended && !isHeld(); n += 1) {
      const chunk = nextChunk()
      if (chunk === undefined) ended = true
      else text += chunk
      sent += 1
    }
    const flowing = text === '' || response.write(text)
    if (ended) endStream()
    else if (isHeld()) stopped = true
    else if (!flowing) response.once('drain', schedule)
    else schedule()
  }

  const schedule = (): void => {
    if (behaviour.interval === 0) setImmediate(turn)
    else wheel.at(firstAt + sent * behaviour.interval, turn)
  }

  const endStream = (): void => {
    switch (fault) {
      case 'hang':
        return
      case 'cut':
        request.cut = true
        response.write(encode.text('cut here').slice(0, 40), () => response.destroy())
        return
      case 'garbage':
        response.end('data: {"choices":[{"delta":{"content":\n\n')
        return
      case 'error':
        response.end(
          'data: {"error":{"message":"secret detail of the provider","type":"server_error","code":null}}\n\n',
        )
        return
      case 'no-end':
        response.end()
        return
      case 'giant-line':
        response.end(encode.text('x'.repeat(GIANT_LINE_BYTES)))
        return
      default: {
        const usage = behaviour.usage && encode.wantsUsage ? encode.usage(usageOf(request, behaviour)) : ''
        response.end(`${encode.finish(behaviour.finish)}${usage}data: [DONE]\n\n`)
      }
    }
  }

  // From its beginning: who is let go before the place to stop at does not stop there.
  if (mayBeHeld) options.hold(goOn)
  if (behaviour.ttft === 0) turn()
  else wheel.at(firstAt, turn)
}
