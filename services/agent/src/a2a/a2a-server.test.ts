import { generateKeyPairSync, sign } from 'node:crypto'
import { newId } from '@askwire/contracts'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { MAX_BODY_BYTES } from '../limits.ts'
import { call, collect, type Json, post, textOf } from '../test-support/rpc.ts'
import { saying, scriptedModel } from '../test-support/scripted-model.ts'
import {
  agentRequest,
  authorization,
  messageParams,
  PASSAGE,
  SERVICE_TOKEN,
  startTestAgent,
  type TestAgent,
} from '../test-support/start-test-agent.ts'

let target: TestAgent
beforeAll(async () => {
  target = await startTestAgent({ chat: scriptedModel(saying('Thirty days ', '[1].')) })
}, 60_000)
afterAll(() => target?.close())

const dataOf = (event: Json): Json => event.result.statusUpdate?.status.message?.parts[0].data

describe('the A2A server', () => {
  test('streams a task from submitted to completed, in the order of the protocol', async () => {
    const request = agentRequest()
    const events = await collect(target.url, 'SendStreamingMessage', messageParams('How long?', request))
    const kinds = events.map((event) => {
      const { task, statusUpdate, artifactUpdate } = event.result
      return (
        task?.status.state ?? artifactUpdate?.artifact.artifactId ?? dataOf(event).kind ?? statusUpdate.status.state
      )
    })
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'TASK_STATE_SUBMITTED',
      'started',
      'node_started',
      'resources',
      'node_finished',
      'node_started',
      'answer',
      'node_finished',
      'TASK_STATE_COMPLETED',
    ])
    expect(events[0].result.task).toMatchObject({
      contextId: request.sessionId,
      history: [{ parts: [{ text: 'How long?' }] }],
    })
    expect(textOf(events)).toBe('Thirty days [1].')
    const resources = events.find((event) => event.result.artifactUpdate?.artifact.artifactId === 'resources')
    expect(resources.result.artifactUpdate.artifact.parts[0].data).toEqual({ resources: [PASSAGE.resource] })
    expect(dataOf(events.at(-1))).toMatchObject({
      model: 'scripted',
      usage: { totalTokens: 110 },
      finishReason: 'stop',
    })
    expect(events.every(({ jsonrpc, id }) => jsonrpc === '2.0' && id === 1)).toBe(true)
  })

  test('answers a finished task as a whole, and none by another id', async () => {
    const { result } = await call(target.url, 'SendMessage', messageParams('How long?', agentRequest()))
    expect(result.task.status.state).toBe('TASK_STATE_COMPLETED')
    expect(result.task.artifacts.map((artifact: Json) => artifact.artifactId)).toEqual(['resources', 'answer'])
    const again = await call(target.url, 'GetTask', { id: result.task.id })
    expect(again.result).toEqual(result.task)
    expect((await call(target.url, 'GetTask', { id: newId() })).error.code).toBe(-32001)
    expect((await call(target.url, 'CancelTask', { id: result.task.id })).error.code).toBe(-32002)
    expect((await call(target.url, 'SubscribeToTask', { id: result.task.id })).error.code).toBe(-32004)
  })

  test('the card is public and names the endpoint', async () => {
    const card: Json = await (await fetch(`${target.url}/.well-known/agent-card.json`)).json()
    expect(card.supportedInterfaces).toEqual([
      { url: `${target.url}/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    ])
    expect(JSON.stringify(card)).not.toContain(SERVICE_TOKEN)
  })

  /** A token with the claims of a worker's, signed by a key of its own. */
  function userToken(typ = 'at+jwt', alg = 'EdDSA'): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: 'askwire:worker', aud: 'askwire:agent', iat: now, exp: now + 60 }
    const signed = `${part({ alg, typ, kid: 'a' })}.${part(claims)}`
    return `${signed}.${sign(null, Buffer.from(signed), generateKeyPairSync('ed25519').privateKey).toString('base64url')}`
  }

  test.each([
    ['none', ''],
    ['the secret itself', `Bearer ${SERVICE_TOKEN}`],
    ['an API token', `Bearer sk-${'x'.repeat(43)}`],
    ['S60: anything', 'Bearer anything'],
    ['another scheme', `Basic ${SERVICE_TOKEN}`],
    ["S32: a user's token", `Bearer ${userToken()}`],
    ["S31: a user's token that claims to be a worker's", `Bearer ${userToken('svc+jwt')}`],
    ['S31: no signature', `Bearer ${userToken('svc+jwt', 'none').replace(/[^.]+$/, '')}`],
  ])('token: %s → 401', async (_name, authorization) => {
    for (const url of ['/a2a', '/a2a?token=x']) {
      const response = await fetch(target.url + url, { method: 'POST', headers: { authorization }, body: '{' })
      expect(response.status).toBe(401)
      expect(await response.text()).toBe('{"error":"unauthenticated"}')
    }
    for (const path of ['//a2a', '/%61%32a/', '/a2a/../a2a/', '/A2A'])
      expect((await fetch(target.url + path, { method: 'POST', headers: { authorization } })).status).toBeGreaterThan(
        400,
      )
  })

  test.each([
    ['no JSON', '{', 200, -32700],
    ['an array', '[]', 200, -32600],
    ['no JSON-RPC', '{"method":"GetTask"}', 200, -32600],
    ['an unknown method', '{"jsonrpc":"2.0","id":7,"method":"tasks/get","params":{}}', 200, -32601],
    ['no params', '{"jsonrpc":"2.0","id":7,"method":"GetTask"}', 200, -32602],
    ['an empty task id', '{"jsonrpc":"2.0","id":7,"method":"GetTask","params":{}}', 200, -32001],
    [
      'push notifications',
      '{"jsonrpc":"2.0","id":7,"method":"CreateTaskPushNotificationConfig","params":{}}',
      200,
      -32003,
    ],
    ['a body too large', `"${'x'.repeat(MAX_BODY_BYTES)}"`, 413, -32700],
  ])('%s → HTTP %d, code %d', async (_name, body, status, code) => {
    const headers = {
      'content-type': 'application/json',
      authorization: await authorization(),
      'a2a-version': '1.0',
    }
    const response = await fetch(`${target.url}/a2a`, { method: 'POST', headers, body })
    expect([response.status, ((await response.json()) as Json).error.code]).toEqual([status, code])
  })

  test('another content type → 415, another protocol version → -32009', async () => {
    const headers = { 'content-type': 'text/plain', authorization: await authorization() }
    expect((await fetch(`${target.url}/a2a`, { method: 'POST', headers, body: '{}' })).status).toBe(415)
    const old = await post(target.url, 'GetTask', { id: newId() }, { headers: { 'a2a-version': '0.3' } })
    expect(((await old.json()) as Json).error.code).toBe(-32009)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['no data part', { parts: [{ text: 'q' }] }, 'data'],
    ['no question', { parts: [{ data: agentRequest() }] }, 'text part'],
    [
      'another schema version',
      { parts: [{ text: 'q' }, { data: { ...agentRequest(), schemaVersion: 2 } }] },
      'schemaVersion',
    ],
    ['a run id that is none', { parts: [{ text: 'q' }, { data: { ...agentRequest(), runId: '../x' } }] }, 'runId'],
    ['another session', { contextId: newId(), parts: [{ text: 'q' }, { data: agentRequest() }] }, 'contextId'],
    ['no message id', { messageId: '', parts: [{ text: 'q' }, { data: agentRequest() }] }, 'messageId'],
  ])('%s → -32602 that names the field', async (_name, message, field) => {
    const params = { message: { messageId: newId(), role: 'ROLE_USER', ...message } }
    for (const method of ['SendMessage', 'SendStreamingMessage']) {
      const { error } = await call(target.url, method, params)
      expect(error.code).toBe(-32602)
      expect(error.message).toContain(field)
    }
  })

  test('health and metrics', async () => {
    expect((await fetch(`${target.url}/health/live`)).status).toBe(200)
    const ready: Json = await (await fetch(`${target.url}/health/ready`)).json()
    expect(ready).toMatchObject({ status: 'ready', dependencies: [{ name: 'database', ok: true }] })
    expect(await (await fetch(`${target.url}/metrics`)).text()).toContain(
      'askwire_agent_tasks_ended_total{outcome="completed"',
    )
    expect((await fetch(`${target.url}/nothing`)).status).toBe(404)
  })
})
