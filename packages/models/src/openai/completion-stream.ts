import type { IncomingMessage } from 'node:http'
import { createEventPayloads } from './event-payloads.ts'
import { ProviderConnectionError } from './provider-connection.ts'

export type CompletionStream = {
  /**
   * The payloads that came since the last call, at least one; `undefined` at the end of the stream, with or without its end
   * mark. Throws, after all that came before it, what broke the stream.
   */
  read(): Promise<readonly string[] | undefined>
  /** Closes the socket at once, unless the end mark has come: then it is kept for the next question. */
  close(): void
}

const END_MARK = '[DONE]'
/** Payloads that may gather before the provider is made to wait. */
const MAX_GATHERED = 4096
/** How long the body may last after its end mark. */
const LAST_BYTES_MS = 1000

/** Reads the server-sent events of a chat completion. All that one read of the socket brings is handed on together. */
export function readCompletionStream(response: IncomingMessage): CompletionStream {
  const payloads = createEventPayloads()
  let gathered: string[] = []
  let failure: unknown
  let over = false
  let marked = false
  let wake: (() => void) | undefined

  const finish = (error?: unknown): void => {
    if (over) return
    over = true
    failure = error
    wake?.()
  }
  const breakOff = (): void => {
    if (!over) finish(new ProviderConnectionError())
  }
  response.on('data', (chunk: Buffer) => {
    if (over) return
    try {
      payloads.push(chunk, gathered)
    } catch (error) {
      return finish(error)
    }
    const mark = gathered.indexOf(END_MARK)
    if (mark >= 0) {
      marked = true
      gathered.length = mark
      return finish()
    }
    if (gathered.length > MAX_GATHERED) response.pause()
    if (gathered.length > 0) wake?.()
  })
  response.on('end', () => finish())
  response.on('error', breakOff)
  response.on('close', breakOff)

  return {
    read: async () => {
      if (gathered.length === 0 && !over) {
        response.resume()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
      if (gathered.length > 0) {
        const taken = gathered
        gathered = []
        return taken
      }
      if (failure !== undefined) throw failure
      return undefined
    },
    close: () => {
      finish()
      if (response.complete || response.destroyed) return void response.resume()
      if (!marked) return void response.destroy()
      response.resume()
      const late = setTimeout(() => response.destroy(), LAST_BYTES_MS)
      response.once('close', () => clearTimeout(late))
    },
  }
}
