import { AppError, newId, type Permission } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { type FastifyInstance, fastify } from 'fastify'
import { errorHandling } from '../plugins/error-handling.ts'
import type { Authenticate } from '../principal.ts'
import { defineRoute } from './route.ts'

const owner = { tenantId: newId(), userId: newId() }

/** An app with a route of each access, for callers as `authenticate` knows them. */
async function createRoutes(authenticate: Authenticate): Promise<FastifyInstance> {
  const app = fastify()
  app.decorate('authenticate', authenticate)
  app.decorate('routeSpecs', [])
  app.decorateRequest('principal', null)
  await app.register(errorHandling)
  for (const access of ['public', 'chat.read', 'users.manage'] as const) {
    defineRoute(app, {
      method: 'GET',
      url: `/${access}`,
      access,
      tag: 'test',
      summary: access,
      responses: { 200: { description: 'whose' } },
      handler: async (input) => (access === 'public' ? { nobody: true } : input.scope),
    })
  }
  return app
}

const somebodyWith =
  (...permissions: Permission[]): Authenticate =>
  async (request) => ({
    ...owner,
    requestId: request.id,
    traceparent: '',
    address: request.ip,
    agent: '',
    permissions: new Set(permissions),
    owner: false,
    loginId: null,
    tokenId: null,
    limits: { maxUnfinishedRuns: null, requestsPerMinute: null },
  })

describe('who may call a route', () => {
  const callers: Record<string, Authenticate> = {
    nobody: async () => {
      throw new AppError('unauthenticated', 'Who are you?')
    },
    somebody: somebodyWith('chat.read'),
    administrator: somebodyWith('chat.read', 'users.manage'),
  }

  test.each([
    ['nobody', [200, 401, 401]],
    ['somebody', [200, 200, 403]],
    ['administrator', [200, 200, 200]],
  ])('%s', async (caller, statuses) => {
    const app = await createRoutes(callers[caller] as Authenticate)
    const answers = []
    for (const url of ['/public', '/chat.read', '/users.manage']) answers.push(await app.inject(url))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(statuses)
    expect(answers[0]?.json()).toEqual({ nobody: true })
    for (const answer of answers.slice(1)) if (answer.statusCode === 200) expect(answer.json()).toEqual(owner)
    await app.close()
  })
})
