import type { JobView } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { exportProblemsOf, importReportOf, putJob, withProgress } from './job-list.ts'

const job = (id: string, more: Partial<JobView> = {}): JobView => ({
  ...{ id, kind: 'import', status: 'running', done: 3, total: null, report: null, error: null, downloadUrl: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', finishedAt: null, expiresAt: null },
  ...more,
})
const progress = (jobId: string | null, data: Record<string, unknown>) => ({
  event: 'job.progress' as const,
  jobId,
  data,
})

describe('the list of jobs', () => {
  test('shows how far one is, and never goes back', () => {
    const { jobs, ask } = withProgress([job('a'), job('b')], progress('a', { status: 'running', done: 7, total: 20 }))
    expect(jobs[0]).toMatchObject({ done: 7, total: 20, status: 'running' })
    expect(ask).toBeUndefined()
    expect(withProgress(jobs, progress('a', { status: 'running', done: 5, total: 20 })).jobs[0]?.done).toBe(7)
  })

  test('asks for one that has ended or is new, and for nothing else', () => {
    const jobs = [job('a'), job('b', { status: 'succeeded' })]
    expect(withProgress(jobs, progress('a', { status: 'succeeded', done: 9 })).ask).toBe('a')
    expect(withProgress(jobs, progress('new', { status: 'running' })).ask).toBe('new')
    const late = withProgress(jobs, progress('b', { status: 'running', done: 1 }))
    expect(late).toEqual({ jobs, ask: undefined })
    const other = { event: 'session.updated' as const, jobId: null, data: {} }
    expect(withProgress(jobs, other)).toEqual({ jobs, ask: undefined })
  })

  test('has each job once, a new one first', () => {
    expect(putJob([job('a'), job('b')], job('c')).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
    expect(putJob([job('a'), job('b')], job('b', { done: 9 })).map(({ done }) => done)).toEqual([3, 9])
  })
})

describe('a report', () => {
  test('of an import is read as far as it says something', () => {
    const named = { what: '#2', why: 'w', code: 'malformed_field', params: { field: 'a', max: 3, odd: null } }
    const report = { imported: 2, already: 1, skipped: [{ what: 'x', why: 'y' }, named, 'noise'], skippedCount: 900 }
    expect(importReportOf(job('a', { report }))).toEqual({
      ...{ imported: 2, already: 1, skippedCount: 900 },
      skipped: [
        { what: 'x', why: 'y', code: undefined, params: {} },
        { ...named, params: { field: 'a', max: 3 } },
      ],
    })
    expect(importReportOf(job('a', { report: { imported: 'many' } }))).toMatchObject({ imported: 0, skippedCount: 0 })
    expect(importReportOf(job('a'))).toBeUndefined()
    expect(importReportOf(job('a', { kind: 'export', report: {} }))).toBeUndefined()
  })

  test('of an export names what is not in it', () => {
    const one = { sessionId: 's', outcome: 'left_out', code: 'unreadable', params: {}, why: 'It could not be read.' }
    const { sessionId: what, outcome: _outcome, ...told } = one
    const report = { sessions: 4, problems: [one, { sessionId: 7 }], problemCount: 3 }
    expect(exportProblemsOf(job('a', { kind: 'export', report }))).toEqual({ problems: [{ what, ...told }], count: 3 })
    expect(exportProblemsOf(job('a', { kind: 'export' }))).toEqual({ problems: [], count: 0 })
  })
})
