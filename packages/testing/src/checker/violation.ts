/** The words a broken promise is counted under (the vocabulary of Jepsen's queue checkers, and `misrouted`). */
export const BROKEN = ['lost', 'duplicated', 'unexpected', 'misrouted'] as const
export type Broken = (typeof BROKEN)[number]

/** One thing that must not be, with what shows it. */
export type Violation = {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7'
  readonly word?: Broken
  readonly what: string
  readonly evidence: Readonly<Record<string, unknown>>
}
