import { AppError, newId } from '@askwire/contracts'
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
  await app.register(errorHandling)
  for (const access of ['public', 'user', 'admin'] as const) {
    defineRoute(app, {
      method: 'GET',
      url: `/${access}`,
      access,
      tag: 'test',
      summary: access,
      responses: { 200: { description: 'whose' } },
      handler: async ({ scope }) => scope,
    })
  }
  return app
}

describe('who may call a route', () => {
  const callers: Record<string, Authenticate> = {
    nobody: async () => {
      throw new AppError('unauthenticated', 'Who are you?')
    },
    somebody: async (_request, access) => {
      if (access === 'admin') throw new AppError('forbidden', 'For operators.')
      return owner
    },
    operator: async () => owner,
  }

  test.each([
    ['nobody', [200, 401, 401]],
    ['somebody', [200, 200, 403]],
    ['operator', [200, 200, 200]],
  ])('%s', async (caller, statuses) => {
    const app = await createRoutes(callers[caller] as Authenticate)
    const answers = []
    for (const url of ['/public', '/user', '/admin']) answers.push(await app.inject(url))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(statuses)
    expect(answers[0]?.json()).toEqual({ tenantId: '', userId: '' })
    for (const answer of answers.slice(1)) if (answer.statusCode === 200) expect(answer.json()).toEqual(owner)
    await app.close()
  })
})
