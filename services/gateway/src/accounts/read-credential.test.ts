import { newSecret } from '@askwire/auth'
import { describe, expect, test } from '@jest/globals'
import type { FastifyRequest } from 'fastify'
import { readCredential } from './read-credential.ts'

const token = newSecret('sk-')
const other = newSecret('sk-')
const jwt = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'

const read = (headers: Record<string, unknown>, query: Record<string, unknown> = {}) =>
  readCredential({ headers, query } as unknown as FastifyRequest)

describe('the credential of a request', () => {
  test.each([
    ['nothing', {}, undefined],
    ['a bearer', { authorization: `Bearer ${jwt}` }, { kind: 'access', text: jwt, byCookie: false }],
    ['a bearer in small letters', { authorization: `bearer ${jwt}` }, { kind: 'access', text: jwt, byCookie: false }],
    ['an API token as bearer', { authorization: `Bearer ${token}` }, { kind: 'api', text: token, byCookie: false }],
    ['an API token', { 'x-api-key': token }, { kind: 'api', text: token, byCookie: false }],
    ['a cookie', { cookie: `a=b; askwire_access=${jwt}` }, { kind: 'access', text: jwt, byCookie: true }],
    ['an empty cookie', { cookie: 'askwire_access=' }, undefined],
    ['a cookie of a longer name', { cookie: `xaskwire_access=${jwt}; askwire_access2=${jwt}` }, undefined],
    [
      'the same twice',
      { authorization: `Bearer ${token}`, 'x-api-key': token },
      { kind: 'api', text: token, byCookie: false },
    ],
  ])('%s', (_what, headers, expected) => {
    expect(read(headers)).toEqual(expected)
  })

  test.each([
    ['two tokens', { authorization: `Bearer ${token}`, 'x-api-key': other }, 'ambiguous'],
    ['a token and a cookie', { 'x-api-key': token, cookie: `askwire_access=${jwt}` }, 'ambiguous'],
    ['two cookies', { cookie: `askwire_access=${jwt}; askwire_access=${jwt}x` }, 'ambiguous'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'malformed'],
    ['no scheme', { authorization: jwt }, 'malformed'],
    ['an empty bearer', { authorization: 'Bearer ' }, 'malformed'],
    ['two in one header', { authorization: `Bearer ${jwt}, Bearer ${jwt}` }, 'malformed'],
    ['a key of another form', { 'x-api-key': "' OR 1=1--" }, 'malformed'],
    ['an access token as key', { 'x-api-key': jwt }, 'malformed'],
    ['a key that is longer by one', { 'x-api-key': `${token}x` }, 'malformed'],
  ])('%s is refused', (_what, headers, reason) => {
    expect(() => read(headers)).toThrow(expect.objectContaining({ code: 'unauthenticated', reason }))
  })

  test.each(['token', 'access_token', 'ACCESS_TOKEN', 'api_key', 'apikey', 'x-api-key', 'authorization', 'jwt'])(
    '%s in the query is refused, whatever else is shown',
    (name) => {
      const refused = expect.objectContaining({ reason: 'query' })
      expect(() => read({}, { [name]: 'anything' })).toThrow(refused)
      expect(() => read({ authorization: `Bearer ${jwt}` }, { [name]: jwt })).toThrow(refused)
    },
  )

  test('a token in the query is refused under any name', () => {
    for (const value of [token, jwt, `Bearer ${jwt}`, ['x', token]])
      expect(() => read({}, { after: value })).toThrow(expect.objectContaining({ reason: 'query' }))
    expect(read({}, { after: '1-1000001', limit: '20' })).toBeUndefined()
  })

  test.each(['sk-learn', 'rt-thread', 'bearer of news', 'eyJafjallajökull'])('%s is a word to search for', (q) => {
    expect(read({}, { q })).toBeUndefined()
  })
})
