import { expect, test } from '@jest/globals'
import { createPasswords } from './passwords.ts'

const passwords = createPasswords()

test('a password matches its own hash only, and hashes of one password differ', async () => {
  const [first, second] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(first).not.toBe(second)
  expect(await passwords.verify('correct horse', first)).toBe(true)
  expect(await passwords.verify('correct horse ', first)).toBe(false)
  expect(await passwords.verify(first, first)).toBe(false)
})

test('an unknown account costs the work of a wrong password and is refused', async () => {
  await passwords.verify('warm up', null)
  const known = await passwords.hash('something else')
  const time = async (stored: string | null): Promise<number> => {
    const startedAt = performance.now()
    expect(await passwords.verify('guess', stored)).toBe(false)
    return performance.now() - startedAt
  }
  const [unknown, wrong]: number[][] = [[], []]
  for (let at = 0; at < 5; at += 1) {
    unknown?.push(await time(null))
    wrong?.push(await time(known))
  }
  // The quickest of each: a machine that stalls only ever makes one slower.
  expect(Math.min(...(unknown ?? []))).toBeGreaterThan(Math.min(...(wrong ?? [])) / 3)
  expect(await passwords.verify('nobody has this password', null)).toBe(false)
})

test('what is not a hash is a wrong password', async () => {
  for (const stored of ['', 'plain', '$argon2id$v=19$m=1', '$2b$10$abcdefghijklmnopqrstuv'])
    expect(await passwords.verify('plain', stored)).toBe(false)
})

test('many at once all get their turn, also after failures', async () => {
  const one = createPasswords({ atOnce: 1 })
  const hash = await one.hash('turns')
  const results = await Promise.all(
    [...Array(6).keys()].map((at) => one.verify('turns', at % 2 === 0 ? hash : 'broken')),
  )
  expect(results).toEqual([true, false, true, false, true, false])
})

test('past a number of those who wait the next one is told to come back, and what waits is done', async () => {
  const one = createPasswords({ atOnce: 1, maxWaiting: 2 })
  const results = await Promise.allSettled([...Array(5).keys()].map((at) => one.hash(`password ${at}`)))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
  expect(results.at(-1)).toMatchObject({ reason: { code: 'overloaded' } })
  const crowd = [1, 2, 3].map((at) => one.hash(`password ${at}`))
  await expect(one.verify('guess', null)).rejects.toMatchObject({ code: 'overloaded' })
  await Promise.all(crowd)
  expect(await one.verify('guess', null)).toBe(false)
})
