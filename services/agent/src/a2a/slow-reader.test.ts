import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { waitFor } from '@askwire/testing'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Json, post } from '../test-support/rpc.ts'
import { type Script, scriptedModel, USAGE } from '../test-support/scripted-model.ts'
import {
  agentRequest,
  authorization,
  messageParams,
  startTestAgent,
  type TestAgent,
} from '../test-support/start-test-agent.ts'

const PIECES = 5000
/** Six bytes each in JSON: together more than loopback's socket buffers take. */
const PIECE = '\u0001'.repeat(200)
let said = 0
const flood: Script = async function* () {
  for (said = 0; said < PIECES; said += 1) {
    yield { kind: 'text', delta: PIECE }
    if (said % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  yield { kind: 'end', usage: USAGE, finishReason: 'stop' }
}

let target: TestAgent
beforeAll(async () => {
  target = await startTestAgent({ chat: scriptedModel(flood) })
}, 60_000)
afterAll(() => target?.close())

async function open(params: unknown): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', authorization: await authorization(), 'a2a-version': '1.0' }
  return await new Promise((resolve, reject) => {
    const outgoing = request(`${target.url}/a2a`, { method: 'POST', headers }, resolve)
    outgoing.on('error', reject)
    outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params }))
  })
}

test('a reader that stops reading holds nobody up, and gets what it missed merged', async () => {
  const slow = await open(messageParams('flood', agentRequest()))
  slow.pause()
  await waitFor(() => said === PIECES, { what: 'the whole answer said while nobody reads' })
  const meanwhile = await post(target.url, 'SendMessage', messageParams('other', agentRequest()))
  expect(((await meanwhile.json()) as Json).result.task.status.state).toBe('TASK_STATE_COMPLETED')

  let raw = ''
  slow.setEncoding('utf8')
  for await (const chunk of slow) raw += chunk
  const events: Json[] = raw
    .split('\n\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)).result)
  const deltas = events
    .map(({ artifactUpdate }) => artifactUpdate?.artifact)
    .filter((one) => one?.artifactId === 'answer')
  expect(deltas.map(({ parts }) => parts[0].text).join('')).toBe(PIECE.repeat(PIECES))
  // One event per turn of the model would be 500; what found the socket full was put together.
  expect(deltas.length).toBeLessThan(PIECES / 10)
  expect(Math.max(...deltas.map(({ parts }) => parts[0].text.length))).toBeGreaterThan(10 * 10 * PIECE.length)
  expect(events.at(-1).statusUpdate.status.state).toBe('TASK_STATE_COMPLETED')
}, 30_000)
