/**
 * Asks a question and follows its session with an EventSource, which resumes by itself where it was cut off: it sends the id
 * of the last event it has seen, to whichever replica answers. Run it with Node 24:
 *
 * ASKWIRE_TOKEN is an access token or an API token; a fresh `npm start` on this machine needs none.
 *
 *   node_modules/node/bin/node examples/follow.ts "What happens when a worker dies?" http://127.0.0.1:8787
 */
import { EventSource } from 'eventsource'

const [question = 'What happens when a worker dies?', address = 'http://127.0.0.1:8787'] = process.argv.slice(2)

const token = process.env.ASKWIRE_TOKEN
const credential: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}

const response = await fetch(`${address}/api/chat`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...credential },
  body: JSON.stringify({ message: question }),
})
if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
const { eventsUrl, runId } = (await response.json()) as { eventsUrl: string; runId: string }

// From the session's first event: a quick answer may be over before this connection is there.
const source = new EventSource(`${address}${eventsUrl}?after=0-0`, {
  fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...credential } }),
})
let text = ''

source.addEventListener('message', ({ data }) => {
  const { delta } = JSON.parse(data) as { delta: string }
  text += delta
  process.stdout.write(delta)
})
source.addEventListener('message_replace', ({ data }) => {
  text = (JSON.parse(data) as { text: string }).text
  process.stdout.write(`\n[answered again]\n${text}`)
})
source.addEventListener('workflow_finished', ({ data, lastEventId }) => {
  const end = JSON.parse(data) as { runId: string; status: string }
  if (end.runId !== runId) return
  source.close()
  console.log(`\n\n${end.status}, ${text.length} characters, last event ${lastEventId}`)
})
source.addEventListener('error', () => console.error('[cut off: resuming]'))
