import { describe, expect, test } from '@jest/globals'
import { pairsOf, parseSearch } from './parse-search.ts'

const atom = (words: string, more: object = {}) => ({ words, han: [], phrase: false, negated: false, ...more })

describe('what is searched for', () => {
  test.each([
    ['two words', [[atom('two'), atom('words')]]],
    ['"stand together" -not', [[atom('stand together', { phrase: true }), atom('not', { negated: true })]]],
    ['this OR that', [[atom('this')], [atom('that')]]],
    ['-"not this"', [[atom('not this', { phrase: true, negated: true })]]],
    ['"never closed', [[atom('never closed', { phrase: true })]]],
    ['数据库', [[atom('', { han: ['数据库'] })]]],
    ['PostgreSQL数据库', [[atom('PostgreSQL', { han: ['数据库'] })]]],
    ['', []],
    [' " " - -- "" OR OR () & | ! :* \\ ', []],
  ])('%s', (text, groups) => expect(parseSearch(text)).toEqual(groups))

  test('no more than forty things', () => {
    expect(parseSearch('a '.repeat(200))[0]).toHaveLength(40)
  })

  test('Chinese in pairs, one character as a beginning', () => {
    expect(pairsOf('数据库')).toEqual(['数据', '据库'])
    expect(pairsOf('猫')).toEqual(['猫:*'])
  })
})
