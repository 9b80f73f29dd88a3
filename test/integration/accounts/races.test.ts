import { type ErrorBody, newId, type Page, type RoleView, type TenantView } from '@askwire/contracts'
import { serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { must, secretOf } from '../../support/access/cast.ts'
import { type Answer, call } from '../../support/client.ts'
import { type Person, signIn, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()

/** Races over two gateways. Those for an account, a link and a code stand with what they are about. */
describe('races through two gateways', () => {
  let stack: Stack
  let url: string
  let root: Person

  beforeAll(async () => {
    stack = await startStack(servers, { gateways: 2, workers: 0 })
    url = stack.urls[0] ?? ''
    root = await signIn(url, 'owner@example.com')
  }, 60_000)
  afterAll(async () => await stack.close(), 60_000)

  const at = (index: number): string => stack.urls[index % stack.urls.length] ?? ''
  const countBy = (answers: readonly Answer<unknown>[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
    return counts
  }
  const answersTo = async (
    count: number,
    send: (index: number) => Promise<Answer<ErrorBody>>,
  ): Promise<Answer<ErrorBody>[]> => await Promise.all(Array.from({ length: count }, (_, index) => send(index)))

  /** A tenant of its own with that many admins and nobody else. */
  async function tenantOf(admins: number): Promise<{ people: Person[]; userRoleId: string; adminRoleId: string }> {
    const tenant = await must<TenantView>(root, 'POST', `${url}/api/tenants`, { name: newId() })
    const { items } = await must<Page<RoleView>>(root, 'GET', `${url}/api/roles?tenantId=${tenant.id}`)
    const roleId = (kind: 'admin' | 'user'): string => items.find(({ builtIn }) => builtIn === kind)?.id ?? ''
    const people: Person[] = []
    for (let index = 0; index < admins; index++) {
      const json = { tenantId: tenant.id, roleId: roleId('admin') }
      const link = await must<{ url: string }>(root, 'POST', `${url}/api/invitations`, json)
      people.push(await signUp(url, `${newId()}@example.org`, secretOf(link.url)))
    }
    return { people, userRoleId: roleId('user'), adminRoleId: roleId('admin') }
  }

  async function adminsLeft(tenantId: string, adminRoleId: string): Promise<number> {
    const rows = await stack.deps.store.db
      .selectFrom('users')
      .select('id')
      .where('tenantId', '=', tenantId)
      .where('roleId', '=', adminRoleId)
      .where('disabledAt', 'is', null)
      .execute()
    return rows.length
  }

  test.each([
    ['demoting', (roleId: string) => ({ roleId })],
    ['barring', () => ({ disabled: true })],
  ])(
    'two admins %s each other: one of them stays',
    async (_what, changeTo) => {
      for (let round = 0; round < 5; round++) {
        const { people, userRoleId, adminRoleId } = await tenantOf(2)
        const [one, other] = people
        if (!one || !other) throw new Error('there are no admins')
        const answers = await answersTo(2, async (index) => {
          const [by, of] = index === 0 ? [one, other] : [other, one]
          const json = changeTo(userRoleId)
          return await call<ErrorBody>(`${at(index)}/api/users/${of.user.id}`, {
            method: 'PATCH',
            json,
            headers: by.auth,
          })
        })
        expect({ counts: countBy(answers)[200], left: await adminsLeft(one.user.tenantId, adminRoleId) }).toEqual({
          counts: 1,
          left: 1,
        })
      }
    },
    60_000,
  )

  test('five admins who all leave at once leave one', async () => {
    const { people, userRoleId, adminRoleId } = await tenantOf(5)
    const answers = await answersTo(5, async (index) => {
      const by = people[index] as Person
      const of = people[(index + 1) % 5] as Person
      const json = { roleId: userRoleId }
      return await call<ErrorBody>(`${at(index)}/api/users/${of.user.id}`, { method: 'PATCH', json, headers: by.auth })
    })
    expect(countBy(answers)[200]).toBeGreaterThanOrEqual(1)
    expect(await adminsLeft(people[0]?.user.tenantId ?? '', adminRoleId)).toBe(5 - (countBy(answers)[200] ?? 0))
    expect(await adminsLeft(people[0]?.user.tenantId ?? '', adminRoleId)).toBeGreaterThanOrEqual(1)
  }, 60_000)

  test('S46: of 200 questions at once, a person with room for 10 gets 10 accepted', async () => {
    const eager = await signUp(url, 'eager@example.org')
    const limits = { maxUnfinishedRuns: 10 }
    await must(root, 'PATCH', `${url}/api/users/${eager.user.id}`, { limits })
    // A loaded database may not answer in its time (503): then the same question is sent again, and is the same by its key.
    const askUntilTold = async (index: number): Promise<Answer<ErrorBody>> => {
      const headers = { ...eager.auth, 'idempotency-key': `question-${index}` }
      const json = { message: `Question ${index}` }
      for (let tries = 1; ; tries++) {
        const answer = await call<ErrorBody>(`${at(index)}/api/chat`, { json, headers })
        if (answer.status !== 503 || tries === 10) return answer
      }
    }
    const answers = await answersTo(200, askUntilTold)
    expect(countBy(answers)).toEqual({ 202: 10, 429: 190 })
    const refused = answers.filter(({ status }) => status === 429).map(({ body }) => body.error.code)
    expect(new Set(refused)).toEqual(new Set(['too_many_runs']))
    const rows = stack.deps.store.db.selectFrom('runs').select('id').where('userId', '=', eager.user.id)
    expect(await rows.execute()).toHaveLength(10)
  }, 60_000)
})
