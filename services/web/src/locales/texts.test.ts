import { ACTIONS, GRANTABLE, PERMISSIONS, REASONS, ROLE_TEMPLATES, TOKEN_SCOPES } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { ACTIONS as SHOWN_ACTIONS } from '../components/activities/action-names.ts'
import { GRANTABLE as SHOWN_GRANTABLE } from '../components/admin/grantable.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  )
}
const english = flatten(en)
const chinese = flatten(zh)

describe('the texts', () => {
  test('are the same in both languages, with the same places to fill in', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
    const places = (text: string): string[] => (text.match(/{{[^}]+}}/g) ?? []).sort()
    const differing = [...english].filter(
      ([key, text]) => !Object.is(String(places(text)), String(places(chinese.get(key) ?? ''))),
    )
    expect(differing).toEqual([])
  })

  test('are all translated', () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text)
    expect(same).toEqual([])
  })

  test('name all that the contract has to be named', () => {
    const keys = [
      ...ACTIONS.map((action) => `actions.${action}`),
      ...PERMISSIONS.map((permission) => `permissions.${permission}`),
      ...TOKEN_SCOPES.flatMap((scope) => [`tokens.scope.${scope}`, `tokens.scopeNote.${scope}`]),
      ...ROLE_TEMPLATES.map(({ key }) => `roles.template.${key}`),
      ...Object.keys(REASONS).map((code) => `skip.${code}`),
    ]
    expect(keys.filter((key) => !english.has(key))).toEqual([])
  })

  test('fill in of a reason what the contract gives', () => {
    const named = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name)
    for (const [code, sentence] of Object.entries(REASONS)) {
      const given = named(sentence, /\{(\w+)\}/g)
      const wanted = named(english.get(`skip.${code}`) ?? '', /{{(\w+)/g)
      expect([code, wanted.filter((name) => !given.includes(name))]).toEqual([code, []])
    }
  })

  test('lists the page keeps of the contract’s are whole', () => {
    expect(SHOWN_ACTIONS).toEqual(ACTIONS)
    expect(SHOWN_GRANTABLE).toEqual(GRANTABLE)
  })
})
