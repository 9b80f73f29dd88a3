import { expect, test } from '@jest/globals'
import { continueTrace, readTrace, traceHeaders, traceIdOf } from './trace.ts'

const GIVEN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a trace goes on under a new id, with its flags', () => {
  const next = continueTrace(GIVEN)
  expect(next).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
  expect(next).not.toBe(GIVEN)
  expect(traceIdOf(next)).toBe('0af7651916cd43dd8448eb211c80319c')
})

test.each([
  undefined,
  '',
  'garbage',
  [GIVEN],
  GIVEN.toUpperCase(),
  `${GIVEN}-more`,
  `01${GIVEN.slice(2)}`,
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
])('%j begins a new one', (given) => {
  const made = continueTrace(given)
  expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
  expect(traceIdOf(made)).not.toBe(traceIdOf(GIVEN))
  expect(continueTrace(given)).not.toBe(made)
})

test('a trace is read from the headers it was written to, and from no others', () => {
  const trace = { requestId: 'r-1', traceparent: GIVEN }
  expect(readTrace({ ...traceHeaders(trace), 'x-other': 1 })).toEqual(trace)
  for (const headers of [{}, { 'x-request-id': 'r-1' }, { 'x-request-id': 7, traceparent: GIVEN }])
    expect(readTrace(headers)).toBeUndefined()
})
