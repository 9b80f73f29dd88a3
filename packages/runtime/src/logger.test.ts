import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createLogger } from './logger.ts'

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = []
  write(createLogger({ name: 'test', level: 'trace' }, { write: (line) => void lines.push(line) }))
  return lines.join('')
}

const random = randomBytes(32).toString('base64url')
const jwt = `${Buffer.from('{"alg":"EdDSA","typ":"at+jwt"}').toString('base64url')}.${random}.${random}`

describe('what no log holds', () => {
  test('S51: secrets by the name of their field, three levels deep', () => {
    const secrets = {
      password: random,
      refreshToken: random,
      authorization: random,
      cookie: random,
      'x-api-key': random,
    }
    const text = logged((logger) => logger.info({ ...secrets, body: secrets, request: { headers: secrets } }, 'told'))
    expect(text).not.toContain(random)
    expect(text.match(/\[redacted\]/g)).toHaveLength(15)
  })

  test.each([
    ['an API token', `sk-${random}`],
    ['a refresh token', `rt-${random}`],
    ['a signed token', jwt],
    ['a password in a URL', `postgres://askwire:${random}@db:5432/askwire`],
    ['a password in the URL of redis', `redis://:${random}@cache:6379/0`],
  ])('S51: %s in a message, a field or an error', (_name, secret) => {
    const error = new Error(`failed with ${secret}`, { cause: new Error(`because of ${secret}`) })
    const text = logged((logger) =>
      logger.error({ err: error, url: secret, list: [{ deep: { secret } }] }, `said ${secret}`),
    )
    expect(text).not.toContain(random)
    expect(text).toContain('failed with')
  })

  test('an id, an address and a question stay readable', () => {
    const fields = { runId: '0199a0e0-0000-7000-8000-000000000000', url: 'http://127.0.0.1:8787/api', name: 'sk-short' }
    expect(JSON.parse(logged((logger) => logger.info(fields, 'mail to a@b.c')))).toMatchObject(fields)
  })
})

test('S52: line breaks and terminal codes of a caller stay inside one line of JSON', () => {
  const agent = 'curl\r\n{"level":"fatal","msg":"forged"}\u001b[2J\u0000\u2028\u009b31m'
  const text = logged((logger) => logger.info({ agent, file: `${agent}.pdf` }, `from ${agent}`))
  expect(text.trimEnd().split('\n')).toHaveLength(1)
  expect([...text.trimEnd()].filter((char) => char < ' ')).toEqual([])
  expect(JSON.parse(text)).toMatchObject({ agent, level: 'info' })
})
