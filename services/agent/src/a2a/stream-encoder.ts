import { StreamResponse } from '@a2a-js/sdk'
import type { StreamItem } from '../tasks/subscription.ts'
import type { TaskIds } from '../tasks/wire.ts'

/** Makes the server-sent events of what a stream takes together, as one text. */
export type StreamEncoder = (items: readonly StreamItem[]) => string

/**
 * The encoder of one stream: each item is the result of a JSON-RPC response to the request `id`. A piece of text, of which
 * there may be thousands, is written around its fixed parts; everything else goes through the SDK. Both say the same.
 */
export function createStreamEncoder(id: string | number | null, { taskId, contextId }: TaskIds): StreamEncoder {
  const head = `data: {"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`
  const artifactHead = `${head}{"artifactUpdate":${JSON.stringify({ taskId, contextId }).slice(0, -1)},"artifact":`
  const textHead = (name: string): string => `${artifactHead}{"artifactId":"${name}","name":"${name}","parts":[{"text":`
  const textHeads = { answer: textHead('answer'), reasoning: textHead('reasoning') }

  return (items) => {
    let text = ''
    for (const item of items) {
      if ('event' in item) text += `${head}${JSON.stringify(StreamResponse.toJSON(item.event))}}\n\n`
      else
        text += `${textHeads[item.artifact]}${JSON.stringify(item.text)}}]}${item.append ? ',"append":true' : ''}}}}\n\n`
    }
    return text
  }
}
