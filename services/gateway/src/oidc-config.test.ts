import { systemClock } from '@askwire/runtime'
import { describe, expect, test } from '@jest/globals'
import { createOidcProvider } from './accounts/create-oidc-provider.ts'
import { oidcSettings } from './oidc-config.ts'

describe('the settings of a sign-in provider', () => {
  test.each([
    ['https://id.example.com', true],
    ['https://id.example.com/realms/one', true],
    ['http://127.0.0.1:3000', true],
    ['http://localhost:3000', true],
    ['http://[::1]:3000', true],
    ['http://id.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost@id.example.com', false],
    ['https://id.example.com?x=1', false],
    ['ftp://id.example.com', false],
    ['id.example.com', false],
  ])('issuer %s: %s', (issuer, usable) => {
    expect(oidcSettings.safeParse({ ASKWIRE_OIDC_ISSUER: issuer }).success).toBe(usable)
  })

  test('other origins are origins, and nothing like them', () => {
    const origins = (text: string) => oidcSettings.safeParse({ ASKWIRE_OIDC_ORIGINS: text }).data?.ASKWIRE_OIDC_ORIGINS
    expect(origins('https://tokens.example.com, https://keys.example.com')).toEqual([
      'https://tokens.example.com',
      'https://keys.example.com',
    ])
    for (const text of ['*', 'https://a.example/path', 'http://a.example', 'null'])
      expect(origins(text)).toBeUndefined()
  })

  test('none at all is none; half of one stops the start', () => {
    const provider = (settings: object) => createOidcProvider(oidcSettings.parse(settings), {}, systemClock)
    expect(provider({})).toBeNull()
    expect(() => provider({ ASKWIRE_OIDC_CLIENT_ID: 'askwire' })).toThrow('both or neither')
    expect(() => provider({ ASKWIRE_OIDC_ISSUER: 'https://id.example.com' })).toThrow('both or neither')
    expect(provider({ ASKWIRE_OIDC_ISSUER: 'https://id.example.com', ASKWIRE_OIDC_CLIENT_ID: 'askwire' })?.name).toBe(
      'OpenID Connect',
    )
  })
})
