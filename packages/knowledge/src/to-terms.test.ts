import { describe, expect, test } from '@jest/globals'
import { countTerms, toTerms, toWordTerms } from './to-terms.ts'

describe('toTerms', () => {
  test.each([
    ['What is the configuration of queues?', ['configur', 'queue']],
    ["the worker's retries, and RETRY", ['worker', 'retri', 'retri']],
    ['sessionId', ['sessionid', 'session', 'id']],
    ['PostgreSQL 15', ['postgresql', '15', 'postgr', 'sql']],
    ['node.js', ['node', 'js']],
    ['如何设置密码', ['何设', '设置', '置密', '密码']],
    ['在哪里喝茶的呢', ['里喝', '喝茶']],
    ['茶', ['茶']],
    ['用Redis保存', ['redi', '保存']],
    ['😀 — … !', []],
    ['\u0000', []],
    ['x'.repeat(41), []],
  ])('%p', (text, terms) => {
    expect(toTerms(text)).toEqual(terms)
  })

  test('a question meets its text although words are cut differently', () => {
    const text = new Set(toTerms('研究生命的起源'))
    expect(toTerms('生命起源').some((term) => text.has(term))).toBe(true)
  })

  test('names of object properties are terms like others', () => {
    expect(countTerms(toTerms('constructor __proto__ constructor'))).toEqual(
      new Map([
        ['constructor', 2],
        ['proto', 1],
      ]),
    )
  })

  test('words come with the terms they may be found by', () => {
    expect(toWordTerms('Redis 航空公司')).toEqual([['redi'], ['航空', '空公', '公司']])
  })
})
