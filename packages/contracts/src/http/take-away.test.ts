import { expect, test } from '@jest/globals'
import { REASON_CODES, toReason } from './take-away.ts'

test('a reason has its sentence filled in', () => {
  expect(toReason('too_many_messages', { max: 3 })).toEqual({
    ...{ code: 'too_many_messages', params: { max: 3 }, why: 'It has more than 3 messages.' },
  })
  const bare = REASON_CODES.filter((code) => !toReason(code).why.includes('?'))
  for (const code of bare) expect(toReason(code).why).toMatch(/\.$/)
})
