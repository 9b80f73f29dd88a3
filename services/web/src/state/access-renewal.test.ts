import { describe, expect, test } from '@jest/globals'
import { ApiError } from '../api/api-error.ts'
import { type Access, createRenewal, parseAccess, renewInMs } from './access-renewal.ts'

/** A browser: what its tabs share, and a gateway that takes each refresh token once. */
function browser() {
  const shared = { stored: null as string | null, refreshes: 0, ended: 0, queue: Promise.resolve() }
  const answers: (Access | ApiError)[] = []
  const tab = () =>
    createRenewal({
      refresh: async () => {
        shared.refreshes += 1
        const answer = answers.shift() ?? access(`new ${shared.refreshes}`)
        if (answer instanceof ApiError) throw answer
        return answer
      },
      exclusive: (work) => {
        const done = shared.queue.then(work)
        shared.queue = done.then(
          () => {},
          () => {},
        )
        return done
      },
      read: () => shared.stored,
      write: (next) => {
        shared.stored = next && JSON.stringify(next)
      },
      onEnded: () => {
        shared.ended += 1
      },
    })
  return { shared, answers, tab }
}
const access = (expiresAt: string): Access => ({ userId: 'u', expiresAt })
const error = (code: 'unauthenticated' | 'network'): ApiError => new ApiError(code, '', { retryable: false })

describe('renewing the access', () => {
  test('is one request, however many ask in however many tabs', async () => {
    const { shared, tab } = browser()
    shared.stored = JSON.stringify(access('old'))
    const used = shared.stored
    const tabs = [tab(), tab(), tab()]
    const all = await Promise.all(tabs.flatMap((renew) => [renew(used), renew(used), renew(used)]))
    expect(new Set(all)).toEqual(new Set(['fresh']))
    expect(shared.refreshes).toBe(1)
    expect(parseAccess(shared.stored)?.expiresAt).toBe('new 1')
  })

  test('happens again for an access that was refused after it was renewed', async () => {
    const { shared, tab } = browser()
    const renew = tab()
    shared.stored = JSON.stringify(access('old'))
    await renew(shared.stored)
    await renew(shared.stored)
    expect(shared.refreshes).toBe(2)
  })

  test('is over, in every tab, when the login is', async () => {
    const { shared, answers, tab } = browser()
    shared.stored = JSON.stringify(access('old'))
    const used = shared.stored
    answers.push(error('unauthenticated'))
    const [first, second] = [tab(), tab()]
    expect(await Promise.all([first(used), second(used)])).toEqual(['ended', 'ended'])
    expect(shared).toMatchObject({ stored: null, refreshes: 1, ended: 1 })
  })

  test('fails and leaves everything as it was while the gateway is away', async () => {
    const { shared, answers, tab } = browser()
    const renew = tab()
    shared.stored = JSON.stringify(access('old'))
    const used = shared.stored
    answers.push(error('network'))
    await expect(renew(used)).rejects.toMatchObject({ code: 'network' })
    expect(shared).toMatchObject({ stored: used, ended: 0 })
    expect(await renew(used)).toBe('fresh')
  })

  test('is tried also when nothing is known of the access', async () => {
    const { shared, tab } = browser()
    expect(await tab()(null)).toBe('fresh')
    expect(shared.refreshes).toBe(1)
  })
})

describe('when to renew', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')

  test('is a minute before the end', () => {
    expect(renewInMs(access('2026-01-01T00:15:00Z'), now)).toBe(14 * 60_000)
  })

  test('is never at once, whatever the clocks say', () => {
    for (const end of ['2026-01-01T00:00:10Z', '1999-01-01T00:00:00Z', 'soon']) {
      expect(renewInMs(access(end), now)).toBe(30_000)
    }
  })
})

test('stored text that is no access is passed over', () => {
  expect(parseAccess(JSON.stringify(access('x')))).toEqual(access('x'))
  for (const text of [null, '', '{', '7', '{}', '{"userId":1,"expiresAt":"x"}', '{"userId":"u"}']) {
    expect(parseAccess(text)).toBeNull()
  }
})
