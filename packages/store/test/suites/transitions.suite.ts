import {
  RUN_ACTIONS,
  RUN_STATES,
  RUN_TRANSITIONS,
  type RunAction,
  type RunError,
  type RunState,
  type Scope,
} from '@askwire/contracts'
import {
  claimRun,
  type Database,
  finishRun,
  forceEnd,
  handBackRun,
  markLogged,
  type RunRow,
  requestCancel,
  type Store,
  settleNext,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import type { Updateable } from 'kysely'
import { answerOf, answersOf, ask, claimOf, complete, newScope, type Open, runById, take } from './drive.ts'

const ERROR: RunError = { code: 'agent_failed', message: 'no', retryable: false }

/** Columns of a run set past every function of the store. */
type Changes = Pick<Updateable<Database['runs']>, 'ordinal' | 'status' | 'error' | 'loggedAt' | 'tries'>

/** A run in the given state, in a session where no other run has the turn. */
async function runIn(store: Store, scope: Scope, state: RunState): Promise<RunRow> {
  if (state === 'waiting') {
    const first = await ask(store, scope)
    const run = await ask(store, scope, { sessionId: first.sessionId })
    await complete(store, first)
    return run
  }
  const run = await ask(store, scope)
  if (state === 'queued') return run
  const { attempt } = await take(store, run)
  if (state === 'running') return await runById(store, run.id)
  const error = state === 'failed' ? ERROR : undefined
  await finishRun(store, { runId: run.id, attempt, status: state, error, answer: answerOf('done') })
  await markLogged(store, run.id)
  return await runById(store, run.id)
}

/** Every way in which the store performs an action. */
const WAYS: Record<RunAction, ((store: Store, scope: Scope, run: RunRow) => Promise<unknown>)[]> = {
  release: [(store, _scope, run) => settleNext(store, run.sessionId)],
  claim: [(store, _scope, run) => claimRun(store, claimOf(run.id, { redelivered: true }))],
  retry: [
    (store, _scope, run) => handBackRun(store, { runId: run.id, attempt: run.attempt, costsTry: true }),
    (store, _scope, run) => handBackRun(store, { runId: run.id, attempt: run.attempt, costsTry: false }),
  ],
  succeed: [
    (store, _scope, run) =>
      finishRun(store, { runId: run.id, attempt: run.attempt, status: 'succeeded', answer: answerOf('late') }),
  ],
  fail: [(store, _scope, run) => forceEnd(store, { runId: run.id, status: 'failed', error: ERROR })],
  cancel: [
    (store, _scope, run) => forceEnd(store, { runId: run.id, status: 'cancelled' }),
    async (store, scope, run) => {
      await requestCancel(store, scope, run.id)
      await finishRun(store, { runId: run.id, attempt: run.attempt, status: 'cancelled' })
    },
  ],
  expire: [(store, _scope, run) => forceEnd(store, { runId: run.id, status: 'expired', error: ERROR })],
}

export function describeTransitions(open: Open): void {
  describe('the run table', () => {
    const cells = RUN_STATES.flatMap((state) =>
      RUN_ACTIONS.flatMap((action) => WAYS[action].map((_, way) => ({ state, action, way }))),
    )
    test.each(cells)('$state: $action ($way)', async ({ state, action, way }) => {
      const store = open()
      const scope = await newScope(store)
      const run = await runIn(store, scope, state)
      expect(run.status).toBe(state)
      await WAYS[action][way]?.(store, scope, run)
      const after = await runById(store, run.id)
      const expected = RUN_TRANSITIONS[state][action]
      expect(after.status).toBe(expected ?? state)
      // An action that changes nothing changes nothing at all.
      if (expected === null) expect(after).toEqual(run)
      expect((await answersOf(store, run.id)).length).toBe(after.answerId === null ? 0 : 1)
    })
  })

  describe('an attempt that lost its run', () => {
    const fences: Record<string, (store: Store, scope: Scope, run: RunRow) => Promise<unknown>> = {
      'by another claim': (store, _scope, run) => take(store, run, { redelivered: true }),
      'by a forced end': (store, _scope, run) => forceEnd(store, { runId: run.id, status: 'cancelled' }),
      'by its own hand-back': (store, _scope, run) =>
        handBackRun(store, { runId: run.id, attempt: run.attempt, costsTry: false }),
    }
    test.each(Object.entries(fences))('%s writes nothing more', async (_name, fence) => {
      const store = open()
      const scope = await newScope(store)
      const run = await runIn(store, scope, 'running')
      await fence(store, scope, run)
      const before = await runById(store, run.id)
      const stale = { runId: run.id, attempt: run.attempt }
      expect(await finishRun(store, { ...stale, status: 'succeeded', answer: answerOf('stale') })).toBeNull()
      expect(await handBackRun(store, { ...stale, costsTry: true })).toBe(false)
      expect(await forceEnd(store, { runId: run.id, status: 'expired', fromAttempt: run.attempt - 1 })).toBeNull()
      expect(await runById(store, run.id)).toEqual(before)
      expect(await answersOf(store, run.id)).toEqual([])
    })
  })

  describe('what no code may write, the database refuses', () => {
    const refused: Record<string, { from: RunState; change: Changes; by: RegExp }> = {
      'a queued run without an ordinal': { from: 'queued', change: { ordinal: null }, by: /runs_active_has_ordinal/ },
      'a waiting run with an ordinal': { from: 'waiting', change: { ordinal: 9 }, by: /runs_waiting_has_no_ordinal/ },
      'a running run without a worker': {
        from: 'queued',
        change: { status: 'running' },
        by: /runs_running_has_worker/,
      },
      'an end without its time': { from: 'running', change: { status: 'cancelled' }, by: /runs_ended_has_time/ },
      'a failure without its error': { from: 'failed', change: { error: null }, by: /runs_failed_has_error/ },
      'a log mark on a run that goes on': {
        from: 'running',
        change: { loggedAt: new Date(0) },
        by: /runs_logged_has_ended/,
      },
      'more tries than attempts': { from: 'running', change: { tries: 7 }, by: /check constraint/ },
    }
    test.each(Object.entries(refused))('%s', async (_name, { from, change, by }) => {
      const store = open()
      const run = await runIn(store, await newScope(store), from)
      await expect(store.db.updateTable('runs').set(change).where('id', '=', run.id).execute()).rejects.toThrow(by)
    })

    test('two active runs in one session', async () => {
      const store = open()
      const scope = await newScope(store)
      const { sessionId } = await ask(store, scope)
      const second = await ask(store, scope, { sessionId })
      const activate = { status: 'queued', ordinal: 2, queuedAt: second.createdAt } as const
      const change = store.db.updateTable('runs').set(activate).where('id', '=', second.id)
      await expect(change.execute()).rejects.toThrow(/runs_one_active/)
    })

    test('a message below one of another session', async () => {
      const store = open()
      const scope = await newScope(store)
      const [one, other] = [await ask(store, scope), await ask(store, scope)]
      const change = store.db
        .updateTable('messages')
        .set({ parentId: other.questionId })
        .where('id', '=', one.questionId)
      await expect(change.execute()).rejects.toThrow(/foreign key/)
    })
  })

  test('finish, cancel and expire at once: one of them wins, and the answer is there only with its own end', async () => {
    const store = open()
    const scope = await newScope(store)
    const ends = new Set<string>()
    for (let round = 0; round < 20; round++) {
      const run = await runIn(store, scope, 'running')
      const moves = [
        () =>
          finishRun(store, {
            runId: run.id,
            attempt: run.attempt,
            status: 'succeeded',
            answer: answerOf('yes'),
          }),
        () => forceEnd(store, { runId: run.id, status: 'cancelled' }),
        () => forceEnd(store, { runId: run.id, status: 'expired', error: ERROR }),
      ]
      // Each gets to go first in some rounds.
      const order = moves.map((_, at) => moves[(at + round) % moves.length])
      const outcomes = await Promise.all(order.map(async (move) => await move?.()))
      expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1)
      const after = await runById(store, run.id)
      expect(await answersOf(store, run.id)).toHaveLength(after.status === 'succeeded' ? 1 : 0)
      expect(after.attempt).toBe(after.status === 'succeeded' ? 1 : 2)
      ends.add(after.status)
    }
    expect(ends.size).toBeGreaterThan(1)
  })
}
