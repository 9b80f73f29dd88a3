import { describe, expect, test } from '@jest/globals'
import { fileNameOf } from './file-name-of.ts'

describe('the name of a session’s file', () => {
  test.each([
    ['What is a lease?', 'What is a lease'],
    ['数据库/索引: 为什么', '数据库 索引 为什么'],
    ['../../etc/passwd', 'etc passwd'],
    ['a\u202Egpj.exe', 'a gpj.exe'],
    ['…', '…'],
    ['...', 'askwire'],
    ['NUL', 'askwire'],
    ['😀'.repeat(80), '😀'.repeat(60)],
    [null, 'askwire'],
  ])('%j', (title, name) => {
    expect(fileNameOf(title)).toBe(name)
  })
})
