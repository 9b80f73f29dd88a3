import type { AnswerStep } from '@askwire/contracts'

/** Steps kept with an answer; our graph has five. */
export const MAX_STEPS = 50
/** How much of one result of a step is kept; a rewritten question may be as long as a question. */
export const MAX_RESULT_CHARS = 1000
const MAX_RESULTS = 20

/** What is known of an answer's steps, to be stored with it: as followers were told, but bounded. */
export type StepKeeper = {
  started(step: Pick<AnswerStep, 'node' | 'title'>): void
  finished(step: AnswerStep): void
  /** Those that are done, and as failed the one that the run ended in the middle of. */
  all(): AnswerStep[]
}

/** The keeper of one attempt. `now` is in milliseconds. */
export function createStepKeeper(now: () => number = () => performance.now()): StepKeeper {
  const done: AnswerStep[] = []
  let open: { node: string; title: string; startedAt: number } | undefined
  return {
    started: ({ node, title }) => {
      open = { node, title, startedAt: now() }
    },
    finished: (step) => {
      if (open?.node === step.node) open = undefined
      if (done.length < MAX_STEPS) done.push(keptStep(step))
    },
    all: () => {
      if (!open || done.length >= MAX_STEPS) return [...done]
      const { node, title, startedAt } = open
      return [...done, { node, title, elapsedMs: Math.round(now() - startedAt), status: 'failed', outputs: {} }]
    },
  }
}

function keptStep({ outputs, ...step }: AnswerStep): AnswerStep {
  const kept = Object.entries(outputs)
    .slice(0, MAX_RESULTS)
    .flatMap(([name, value]): [string, unknown][] => {
      if (typeof value === 'string') return [[name, value.slice(0, MAX_RESULT_CHARS).toWellFormed()]]
      return (JSON.stringify(value)?.length ?? 0) <= MAX_RESULT_CHARS ? [[name, value]] : []
    })
  return { ...step, outputs: Object.fromEntries(kept) }
}
