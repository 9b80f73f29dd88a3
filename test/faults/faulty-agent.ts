import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { AGENT_SPOILS, isAgentSpoil, type Spoil } from './agent-spoils.ts'

/**
 * An agent that answers as the one at `argv[2]` does, until a question names a way to break its word: its model ends in `&agent=<spoil>`, and
 * `&spoilt=<n>` when attempts after the n-th are to be answered well. Says its port to its parent. `GET /open`: connections a stream is open on.
 */
const target = new URL(process.argv[2] ?? '')
/** Pieces of the good answer that come before what spoils it; few, for on a busy machine several tokens are one piece. */
const GOOD_PIECES = 2

type Part = { data?: { model?: string; attempt?: number } }
type Call = { params?: { message?: { parts?: Part[] } } }
const open = new Set<ServerResponse>()

/** What the question asks for. Takes it out of the model's name, which the agent behind is not to see. */
function takeSpoil(call: Call): Spoil | undefined {
  const asked = call.params?.message?.parts?.find(({ data }) => data?.model !== undefined)?.data
  const [, rest, name = '', spoilt = 'Infinity'] =
    /^(.*?)&agent=([\w-]+)(?:&spoilt=(\d+))?$/.exec(asked?.model ?? '') ?? []
  if (asked === undefined || rest === undefined) return undefined
  asked.model = rest
  if (!isAgentSpoil(name)) throw new Error(`there is no way ${name}`)
  return (asked.attempt ?? 1) <= Number(spoilt) ? AGENT_SPOILS[name] : undefined
}

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = JSON.parse(await text(incoming)) as Call
  const spoil = takeSpoil(call)
  open.add(response)
  response.once('close', () => open.delete(response))
  if (spoil?.when === 'at once') return spoil.send(response)
  passOn(incoming, JSON.stringify(call), response, spoil)
}

function passOn(incoming: IncomingMessage, body: string, response: ServerResponse, spoil: Spoil | undefined): void {
  const headers = { ...incoming.headers, host: target.host, 'content-length': Buffer.byteLength(body) }
  const sent = request(new URL(incoming.url ?? '/', target), { method: 'POST', agent: false, headers })
  sent.on('error', () => response.destroy())
  response.once('close', () => sent.destroy())
  sent.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' })
    answer.on('error', () => response.destroy())
    if (spoil) spoilAfter(answer, response, spoil)
    else answer.pipe(response)
  })
  sent.end(body)
}

function spoilAfter(answer: IncomingMessage, response: ServerResponse, spoil: Spoil): void {
  let rest = ''
  let told = 0
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    const events = `${rest}${chunk}`.split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      if (told === GOOD_PIECES) continue
      if (event.includes('"artifactId":"answer"')) told += 1
      const isLast = told === GOOD_PIECES
      // Only when it is on its way: a connection that is cut takes what was not sent with it.
      response.write(`${event}\n\n`, () => isLast && spoil.send(response))
    }
  })
}

// Longer than the row: a socket that is closed just when it is used again would be a fault of its own.
const server = createServer({ keepAliveTimeout: 120_000 }, (incoming, response) => {
  if (incoming.url === '/open') return void response.end(String(open.size))
  serve(incoming, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())
