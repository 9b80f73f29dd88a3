import type { AnswerStep } from '@askwire/contracts'

/** How much of one result of a step is kept with the answer; a rewritten question may be as long as a question. */
export const MAX_RESULT_CHARS = 1000
const MAX_RESULTS = 20

/** A step as it is stored with its answer and listed with it from then on: as followers were told, with its results cut short. */
export function keptStep({ outputs, ...step }: AnswerStep): AnswerStep {
  const kept = Object.entries(outputs)
    .slice(0, MAX_RESULTS)
    .flatMap(([name, value]): [string, unknown][] => {
      if (typeof value === 'string') return [[name, value.slice(0, MAX_RESULT_CHARS).toWellFormed()]]
      return (JSON.stringify(value)?.length ?? 0) <= MAX_RESULT_CHARS ? [[name, value]] : []
    })
  return { ...step, outputs: Object.fromEntries(kept) }
}
