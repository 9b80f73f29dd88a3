import { randomInt } from 'node:crypto'
import { type ServiceProcess, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { call } from '../support/client.ts'
import { requestsTo } from '../support/fuzz-operation.ts'
import { makeThings } from '../support/fuzz-things.ts'
import type { There } from '../support/hostile.ts'
import {
  type CheckAnswer,
  createAnswerChecker,
  type NamedOperation,
  type OpenApi,
  operationsOf,
} from '../support/openapi-kit.ts'
import { type RawRequest, rawRequest } from '../support/raw-request.ts'
import { signUp } from '../support/sign-up.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { startGatewayProcess } from '../support/start-gateway-process.ts'

const servers = serversOrSkip()

/** Another seed each time, said aloud; ASKWIRE_FUZZ_SEED repeats one, ASKWIRE_FUZZ_RUNS asks for more of each operation. */
const SEED = Number(process.env.ASKWIRE_FUZZ_SEED ?? randomInt(2 ** 31))
const RUNS = Number(process.env.ASKWIRE_FUZZ_RUNS ?? 40)
/** All operations share this, so that the whole takes well under a minute on a slow machine too, but for the least that each gets. */
const BUDGET_MS = Number(process.env.ASKWIRE_FUZZ_MS ?? 25_000)
const LEAST_RUNS = 5
/** Of the 5xx only these are answers and not failures: the time of `mode: blocking` is over, or a part of the system is away. */
const ANSWERS = new Set([503, 504])

describe('any input at all', () => {
  let stack: Stack
  let gateway: ServiceProcess
  let url: string
  let document: OpenApi
  let check: CheckAnswer
  let things: There[]
  let carriers: Record<string, string>[]

  beforeAll(async () => {
    stack = await startStack(servers, { account: false })
    gateway = await startGatewayProcess(stack, {
      ASKWIRE_LOG_LEVEL: 'warn',
      ASKWIRE_BLOCKING_TIMEOUT_MS: '200',
      ASKWIRE_MAX_UNFINISHED_RUNS: '1000',
    })
    url = gateway.url
    // By the stack's own gateway, which is patient where a service gives up.
    const [patient = ''] = stack.urls
    const root = await signUp(patient, 'root@example.org')
    const user = await signUp(patient, 'user@example.org')
    things = await makeThings(patient, root)
    carriers = [root.auth, root.auth, root.auth, user.auth, {}]
    document = (await call<OpenApi>(`${url}/api/openapi.json`)).body
    check = createAnswerChecker(document)
  }, 90_000)
  afterAll(async () => {
    await gateway.signal('SIGTERM')
    await stack.close()
  }, 60_000)

  test('never breaks it, and every answer is as the document says', async () => {
    const pid = gateway.pid
    // What takes things away comes last.
    const takesAway = ({ method, path }: NamedOperation): boolean => method === 'DELETE' || path.endsWith('/erase')
    const all = operationsOf(document)
    const operations = [...all.filter((one) => !takesAway(one)), ...all.filter(takesAway)]
    process.stderr.write(`fuzz: seed ${SEED}, ${RUNS} requests to each of ${operations.length} operations\n`)
    const until = performance.now() + BUDGET_MS
    const statuses = new Map<number, number>()
    const reached = new Set<string>()
    const problems: string[] = []
    for (const [at, named] of operations.entries()) {
      const now = performance.now()
      const over = now + (until - now) / (operations.length - at)
      let runs = 0
      const result = await fc.check(
        fc.asyncProperty(requestsTo(named, things, carriers), async (request) => {
          runs += 1
          if (runs > LEAST_RUNS && performance.now() > over) return
          const answer = await rawRequest(url, request)
          if (answer.status < 400) reached.add(named.name)
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          if (answer.status >= 500 && !ANSWERS.has(answer.status)) throw new Error(`${answer.status}: ${answer.body}`)
          const problem = check(named.operation, answer)
          if (problem !== undefined) throw new Error(problem)
        }),
        { seed: SEED, numRuns: RUNS, endOnFailure: true },
      )
      if (result.failed) problems.push(described(named.name, result))
    }
    expect(problems).toEqual([])
    expect({ pid: gateway.pid, alive: gateway.isAlive() }).toEqual({ pid, alive: true })
    expect((await call(`${url}/health/live`)).status).toBe(200)
    // Most operations have done what they are for at least once: what is sent is not only refused.
    expect(reached.size).toBeGreaterThan(operations.length / 2)
    // It has come to the handlers and to the doors, and not only to the parser.
    for (const status of [200, 400, 401, 403, 404]) expect([...statuses.keys()]).toContain(status)
  }, 125_000)
})

/** What went wrong and the shortest of what made it so, cut to what a person reads. Credentials are left out. */
function described(name: string, { errorInstance, counterexample }: fc.RunDetails<[RawRequest]>): string {
  const [request] = counterexample ?? []
  const sent = request && { path: request.path, body: request.body, type: request.headers?.['content-type'] }
  return `${name}: ${String(errorInstance).slice(0, 500)} after ${JSON.stringify(sent)?.slice(0, 800)}`
}
