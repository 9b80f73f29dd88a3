import { permission } from '@askwire/contracts'
import { serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { call } from '../support/client.ts'
import { lintWithRedocly, lintWithSpectral } from '../support/lint-openapi.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { type SeenRoutes, watchRoutes } from '../support/watch-routes.ts'

const servers = serversOrSkip()

type Operation = { security?: Record<string, unknown>[]; 'x-permission'?: string; responses: Record<string, unknown> }
type OpenApi = {
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, unknown> }
}

/** Files and pages, for anyone: they hold no data. */
const STATIC = [/^(GET|HEAD) \/api\/docs\/assets\//, /^(GET|HEAD) \/[\w./:-]*$/]
const isStatic = (route: string): boolean =>
  STATIC.some((one) => one.test(route)) && !/ \/(api|health|metrics)(?!\/docs\/assets\/)/.test(route)

describe('the OpenAPI document', () => {
  let stack: Stack
  let document: OpenApi
  let routes: SeenRoutes

  beforeAll(async () => {
    const watch = watchRoutes()
    stack = await startStack(servers, { workers: 0 })
    watch.stop()
    routes = watch.servers.find((server) => server.has('POST /api/chat')) ?? new Set()
    document = (await call<OpenApi>(`${stack.urls[0]}/api/openapi.json`)).body
  }, 60_000)
  afterAll(async () => await stack.close(), 60_000)

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        operation,
      ]),
    )

  test('Redocly finds nothing', async () => {
    expect(await lintWithRedocly(document)).toEqual([])
  })

  test('Spectral finds nothing', async () => {
    expect(await lintWithSpectral(document)).toEqual([])
  }, 60_000)

  test('both find what is wrong with a spoiled one', async () => {
    const spoiled = structuredClone(document) as unknown as { paths: Record<string, Record<string, unknown>> }
    const path = spoiled.paths['/api/chat']
    spoiled.paths['/api/chat/{lost}'] = { ...path }
    expect((await lintWithRedocly(spoiled)).length).toBeGreaterThan(0)
    expect((await lintWithSpectral(spoiled)).length).toBeGreaterThan(0)
  }, 60_000)

  test('every registered route is in it, and it has no other', () => {
    expect(routes.size).toBeGreaterThan(10)
    const documented = new Set(operations().map(([name]) => name))
    // HEAD is GET without its body.
    const isHead = (route: string): boolean => route.startsWith('HEAD ') && routes.has(route.replace('HEAD', 'GET'))
    const registered = [...routes].filter((route) => !isStatic(route) && !isHead(route))
    expect(registered.filter((route) => !documented.has(route))).toEqual([])
    expect([...documented].filter((route) => !routes.has(route))).toEqual([])
  })

  test('every operation says who may call it', () => {
    const schemes = Object.keys(document.components.securitySchemes)
    for (const [name, { security, responses, ...operation }] of operations()) {
      expect({ name, security }).toEqual({ name, security: expect.any(Array) })
      if (security?.length === 0) continue
      expect({ name, permission: permission.safeParse(operation['x-permission']).success }).toEqual({
        name,
        permission: true,
      })
      for (const one of security ?? []) expect(schemes).toEqual(expect.arrayContaining(Object.keys(one)))
      expect({ name, statuses: Object.keys(responses) }).toEqual({
        name,
        statuses: expect.arrayContaining(['401', '403', '429']),
      })
    }
  })
})
