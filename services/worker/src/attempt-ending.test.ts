import { AppError } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { endingOf, endingOfError } from './attempt-ending.ts'
import type { AttemptProgress } from './attempt-progress.ts'

const MAX_TRIES = 3

function progress(said: { attempt: number; tries: number; taskId?: string; text?: string }): AttemptProgress {
  const { attempt, tries, taskId, text = '' } = said
  return { run: { attempt, tries }, taskId, text } as AttemptProgress
}

const unavailable = new AppError('agent_unavailable', 'away')

describe('what becomes of an attempt whose agent was lost', () => {
  test('an agent that never took the run costs no try', () => {
    const ending = endingOfError(unavailable, progress({ attempt: 5, tries: MAX_TRIES }), MAX_TRIES)
    expect(ending).toEqual({ kind: 'retry', costsTry: false })
  })

  test('an agent away for long does cost tries, and the last one is the end', () => {
    const long = { attempt: 12, tries: 1 }
    expect(endingOfError(unavailable, progress(long), MAX_TRIES)).toEqual({ kind: 'retry', costsTry: true })
    const last = endingOfError(unavailable, progress({ ...long, tries: MAX_TRIES }), MAX_TRIES)
    expect(last).toMatchObject({ kind: 'end', status: 'failed', error: { code: 'agent_unavailable' } })
  })

  test('an agent lost in the middle costs a try', () => {
    const ending = endingOfError(
      unavailable,
      progress({ attempt: 1, tries: 1, taskId: 't', text: 'so far' }),
      MAX_TRIES,
    )
    expect(ending).toEqual({ kind: 'retry', costsTry: true })
  })

  test('a database away from the agent costs no try before the first word, and ends the run after it', () => {
    const failure = { code: 'database_unavailable', message: 'away', retryable: true } as const
    const end = { kind: 'failed', failure } as const
    const at = { attempt: 1, tries: 1, taskId: 't' }
    expect(endingOf(end, undefined, progress(at))).toEqual({ kind: 'retry', costsTry: false })
    expect(endingOf(end, undefined, progress({ ...at, text: 'so far' }))).toMatchObject({
      kind: 'end',
      status: 'failed',
    })
  })

  test('an agent that is stopped in the middle costs no try, and not for ever', () => {
    const failure = { code: 'draining', message: 'stopping', retryable: true } as const
    const end = { kind: 'failed', failure } as const
    const at = { attempt: 3, tries: MAX_TRIES, taskId: 't', text: 'so far' }
    expect(endingOf(end, undefined, progress(at))).toEqual({ kind: 'retry', costsTry: false })
    expect(endingOf(end, undefined, progress({ ...at, attempt: 12 }))).toMatchObject({ kind: 'end', status: 'failed' })
  })

  test('a question that nobody stopped was not cancelled', () => {
    const at = progress({ attempt: 1, tries: 1, taskId: 't', text: 'so far' })
    const end = { kind: 'canceled', result: undefined } as const
    expect(endingOf(end, undefined, at)).toMatchObject({ status: 'failed', error: { code: 'agent_failed' } })
    expect(endingOf(end, new AppError('cancelled', 'stop'), at)).toMatchObject({ status: 'cancelled' })
  })

  test('a silent agent is asked again only while nothing was answered', () => {
    const silent = new AppError('agent_timeout', 'silent')
    const at = { attempt: 1, tries: 1, taskId: 't' }
    expect(endingOfError(silent, progress(at), MAX_TRIES)).toEqual({ kind: 'retry', costsTry: true })
    expect(endingOfError(silent, progress({ ...at, text: 'so far' }), MAX_TRIES)).toMatchObject({ status: 'failed' })
  })
})
