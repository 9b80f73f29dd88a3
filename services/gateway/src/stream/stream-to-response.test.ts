import { createServer } from 'node:http'
import { createMemoryEventLog } from '@askwire/cache'
import { newId } from '@askwire/contracts'
import { createLogger } from '@askwire/runtime'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openSse } from './sse-response.ts'
import type { StreamDeps } from './stream-options.ts'
import { streamToResponse } from './stream-to-response.ts'

/** A database that goes away between a question's acceptance and its stream: whatever is read fails. */
const store = new Proxy({}, { get: () => () => Promise.reject(new Error('the database is away')) })
const deps = {
  store,
  log: createMemoryEventLog(),
  logger: createLogger({ name: 'test', level: 'silent' }),
} as unknown as StreamDeps

const server = createServer((_request, response) => {
  const scope = { tenantId: newId(), userId: newId() }
  const holder = { ...scope, loginId: newId(), tokenId: null, permission: 'chat.read' } as const
  const options = { sessionId: newId(), holder, start: { kind: 'live' }, untilIdle: false } as const
  void streamToResponse(deps, scope, openSse(response, {}), options)
})
beforeAll(async () => await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => void server.close())

test('a stream that cannot go on ends, so that its reader comes back', async () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('retry: 1000\n\n')
})
