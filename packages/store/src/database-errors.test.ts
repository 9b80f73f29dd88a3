import { AppError } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import pg from 'pg'
import { isUnavailable, translateDatabaseError, violatedUnique } from './database-errors.ts'

function sqlError(code: string, constraint?: string): Error {
  return Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code, constraint })
}

test.each([
  ['57P01', true],
  ['57014', true],
  ['53300', true],
  ['08006', true],
  ['40P01', true],
  ['23505', false],
  ['23514', false],
  ['22P02', false],
  ['42P01', false],
])('SQLSTATE %s: unavailable %p', (code, unavailable) => {
  expect(isUnavailable(sqlError(code))).toBe(unavailable)
})

test('sockets and the driver itself are heard, other errors are left alone', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  expect(isUnavailable(refused)).toBe(true)
  expect(isUnavailable(new AggregateError([refused]))).toBe(true)
  expect(isUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true)
  expect(isUnavailable(new Error('Query read timeout'))).toBe(true)
  const bug = new TypeError('x is not a function')
  expect(translateDatabaseError(bug)).toBe(bug)
  const translated = translateDatabaseError(refused)
  expect(translated).toBeInstanceOf(AppError)
  expect(translated).toMatchObject({ code: 'database_unavailable', retryable: true, cause: refused })
})

test('a unique violation names its constraint', () => {
  expect(violatedUnique(sqlError('23505', 'runs_one_per_key'))).toBe('runs_one_per_key')
  expect(violatedUnique(sqlError('23503', 'runs_one_per_key'))).toBeUndefined()
})
