import { BUILT_IN_ROLE_PERMISSIONS, PERMISSIONS, permissionsOf } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { accountSections, adminSections, routeOf } from './routes.ts'

describe('the page an address shows', () => {
  test.each([
    ['/', { page: 'chat' }],
    ['/c/0199f0aa-0000-7000-8000-000000000000', { page: 'chat' }],
    ['/signin', { page: 'signin' }],
    ['/register', { page: 'register', invitation: undefined }],
    ['/register#invitation=abc-DEF_123', { page: 'register', invitation: 'abc-DEF_123' }],
    ['/forgot', { page: 'forgot' }],
    ['/reset-password#token=abc-DEF_123', { page: 'reset', token: 'abc-DEF_123' }],
    ['/reset-password', { page: 'reset', token: '' }],
    ['/account', { page: 'account', section: 'profile' }],
    ['/account/', { page: 'account', section: 'profile' }],
    ['/account/tokens', { page: 'account', section: 'tokens' }],
    ['/account/toString', { page: 'account', section: 'profile' }],
    ['/admin', { page: 'admin', section: undefined }],
    ['/admin/people', { page: 'admin', section: 'people' }],
    ['/admin/constructor', { page: 'admin', section: undefined }],
    ['/s/AbC-dEf_0123456789abcd', { page: 'shared', key: 'AbC-dEf_0123456789abcd' }],
    ['/s/', { page: 'chat' }],
    ['/elsewhere/x/y', { page: 'chat' }],
  ])('%s', (path, route) => {
    expect(routeOf(path)).toEqual(route)
  })
})

describe('the sections offered', () => {
  const sectionsOf = (permissions: Iterable<string>) =>
    adminSections({ permissions: PERMISSIONS.filter((one) => [...permissions].includes(one)) })

  test('to a user are those of the account and none of the administration', () => {
    const me = { permissions: [...permissionsOf({ owner: false, roles: [{ builtIn: 'user', permissions: [] }] })] }
    expect(adminSections(me)).toEqual([])
    expect(accountSections(me)).toEqual(['profile', 'security', 'logins', 'tokens', 'shares', 'data', 'activities'])
    expect(accountSections({ ...me, trial: true })).toEqual(['shares', 'data'])
  })

  test('to an admin are all but the tenants, to an owner all', () => {
    const all = ['people', 'roles', 'groups', 'invitations', 'tenants', 'settings', 'feedback', 'activities', 'audit']
    expect(sectionsOf(BUILT_IN_ROLE_PERMISSIONS.admin)).toEqual(all.filter((name) => name !== 'tenants'))
    expect(sectionsOf(PERMISSIONS)).toEqual(all)
  })

  test('follow the permissions of a role of one’s own', () => {
    expect(sectionsOf(['invitations.manage'])).toEqual(['invitations'])
    expect(sectionsOf(['users.read', 'audit.read'])).toEqual([
      ...['people', 'roles', 'groups', 'feedback', 'activities', 'audit'],
    ])
    expect(accountSections({ permissions: ['chat.read'] })).not.toContain('tokens')
    expect(accountSections({ permissions: ['tokens.manage'] })).not.toContain('data')
  })
})
