import { expect, test } from '@jest/globals'
import type { FastifyRequest } from 'fastify'
import { requireSameOrigin } from './same-origin.ts'

const request = (method: string, origin: string | undefined, host = 'askwire.example') =>
  ({
    method,
    host,
    protocol: 'http',
    headers: { ...(origin !== undefined && { origin }) },
  }) as unknown as FastifyRequest

test.each([
  ['https://askwire.example', true],
  ['http://askwire.example', true],
  ['https://app.example', true],
  [undefined, false],
  ['null', false],
  ['', false],
  ['https://evil.example', false],
  ['https://askwire.example.evil.example', false],
  ['https://evilaskwire.example', false],
  ['https://askwire.example:8443', false],
  ['https://app.example.evil.example', false],
  ['file://askwire.example', false],
  ['https://askwire.example@evil.example', false],
  ['https://evil.example@askwire.example', false],
])('a change sent from a page of %s: %s', (origin, allowed) => {
  const check = (): void => requireSameOrigin(request('POST', origin), ['https://app.example'])
  if (allowed) expect(check).not.toThrow()
  else expect(check).toThrow(/page of this address/)
})

test('reading needs no origin', () => {
  expect(() => requireSameOrigin(request('GET', 'https://evil.example'), [])).not.toThrow()
})
